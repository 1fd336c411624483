"use client";

import "leaflet/dist/leaflet.css";

import { useQuery } from "@tanstack/react-query";
import { divIcon, type LatLngExpression, latLngBounds, type LeafletMouseEvent } from "leaflet";
import { type ReactNode, useEffect, useMemo } from "react";
import { AttributionControl, GeoJSON, MapContainer, Marker, Pane, TileLayer, useMap, useMapEvents } from "react-leaflet";
import { useTranslations } from "use-intl";

import type { Tone } from "@/components/ui/badge";
import { loadOutlines } from "@/components/map/outlines";
import { configQuery } from "@/features/session/queries";

export interface MapPin {
  id: number | string;
  latitude: number;
  longitude: number;
  title: string;
  /** What stands on the pin, such as the number of free connectors. */
  text: string;
  tone: Tone;
  /** Marks a place that cannot be chosen, below those that can. */
  isMark?: boolean;
}

export interface MapProps {
  pins: MapPin[];
  label: string;
  selected?: MapPin["id"];
  onSelect?: (id: MapPin["id"]) => void;
  /** Shows these places instead of all pins. */
  focus?: { latitude: number; longitude: number }[];
  /** With this a click on the map chooses a place. */
  onPlace?: (latitude: number, longitude: number) => void;
}

const WORLD: LatLngExpression = [30, 5];
const CLOSEST_FIT = 12;
/** Outlines of countries tell nothing from nearer. */
const CLOSEST_FIT_OUTLINES = 7;
const OUTLINE = { color: "var(--map-line)", weight: 1, fillColor: "var(--map-land)", fillOpacity: 1 };

export default function LeafletMap(props: MapProps) {
  const config = useQuery(configQuery);
  const tiles = config.data?.map;
  return (
    <MapContainer
      center={WORLD}
      zoom={2}
      minZoom={1}
      attributionControl={false}
      className="size-full"
      aria-label={props.label}
    >
      {tiles?.tiles_url ? (
        <>
          <TileLayer url={tiles.tiles_url} attribution={tiles.attribution ?? undefined} />
          <AttributionControl prefix={false} />
        </>
      ) : (
        <Outlines />
      )}
      <Fit
        places={props.focus ?? props.pins}
        closest={tiles?.tiles_url ? CLOSEST_FIT : CLOSEST_FIT_OUTLINES}
      />
      {props.onPlace ? <Placing onPlace={props.onPlace} /> : null}
      {props.pins.map((pin) => (
        <Pin key={pin.id} pin={pin} isSelected={pin.id === props.selected} onSelect={props.onSelect} />
      ))}
    </MapContainer>
  );
}

function Outlines(): ReactNode {
  const outlines = useQuery({ queryKey: ["outlines"], queryFn: loadOutlines, staleTime: Infinity });
  return (
    <Pane name="outlines" style={{ zIndex: 250 }}>
      {outlines.data ? <GeoJSON data={outlines.data} style={OUTLINE} interactive={false} /> : null}
    </Pane>
  );
}

interface FitProps {
  places: { latitude: number; longitude: number }[];
  closest: number;
}

/** Shows all places whenever they change, not when only the state of their pins does. */
function Fit({ places, closest }: FitProps) {
  const map = useMap();
  const key = places.map((place) => `${place.latitude},${place.longitude}`).join(" ");
  useEffect(() => {
    if (key === "") return;
    const points = key.split(" ").map((place) => place.split(",").map(Number) as [number, number]);
    map.fitBounds(latLngBounds(points), { padding: [36, 36], maxZoom: closest, animate: false });
  }, [map, key, closest]);
  return null;
}

function Placing({ onPlace }: { onPlace: (latitude: number, longitude: number) => void }) {
  useMapEvents({
    click: (event: LeafletMouseEvent) => {
      const place = event.latlng.wrap();
      onPlace(Number(place.lat.toFixed(6)), Number(place.lng.toFixed(6)));
    },
  });
  return null;
}

interface PinProps {
  pin: MapPin;
  isSelected: boolean;
  onSelect?: (id: MapPin["id"]) => void;
}

function Pin({ pin, isSelected, onSelect }: PinProps) {
  const t = useTranslations("map");
  const canChoose = onSelect !== undefined && pin.isMark !== true;
  const icon = useMemo(
    () =>
      divIcon({
        className: "",
        iconSize: [34, 34],
        iconAnchor: [17, 17],
        html: `<span class="pin pin-${pin.tone}${isSelected ? " pin-selected" : ""}"></span>`,
      }),
    [pin.tone, isSelected],
  );
  return (
    <Marker
      position={[pin.latitude, pin.longitude]}
      icon={icon}
      alt={t("pin", { title: pin.title, text: pin.text })}
      title={pin.title}
      keyboard={canChoose}
      interactive={canChoose}
      zIndexOffset={pin.isMark ? -1000 : 0}
      eventHandlers={{
        click: () => onSelect?.(pin.id),
        keypress: (event) => {
          if (event.originalEvent.key === "Enter") onSelect?.(pin.id);
        },
        add: (event) => {
          const element = event.target.getElement()?.querySelector(".pin");
          if (element) element.textContent = pin.text;
        },
      }}
    />
  );
}
