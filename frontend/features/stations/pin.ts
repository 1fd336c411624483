import type { Station } from "@/api/types";
import type { MapPin } from "@/components/map/leaflet-map";

/** A station on the operator's map: red when a connector is faulted, grey when nothing is online. */
export function stationPin(station: Station): MapPin {
  const counts = station.connector_statuses;
  const tone =
    (counts.Faulted ?? 0) > 0
      ? "bad"
      : station.connected_count === 0
        ? "idle"
        : station.connected_count < station.charger_count
          ? "warn"
          : "good";
  return {
    id: station.id,
    latitude: station.latitude,
    longitude: station.longitude,
    title: station.name,
    text: String(station.charger_count),
    tone,
  };
}
