"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { LocateFixed, MapPinOff, PlugZap, QrCode } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { PublicStation } from "@/api/types";
import type { MapPin } from "@/components/map/leaflet-map";
import { StationMap } from "@/components/map/station-map";
import { Button } from "@/components/ui/button";
import { SearchFilter } from "@/components/ui/filter-bar";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { RunningBanner, useRunningSessions } from "@/features/charge/running-banner";
import { distanceM, type Place } from "@/features/find/distance";
import { publicStationsQuery } from "@/features/find/queries";
import { StationCard } from "@/features/find/station-card";
import { type PlaceState, usePlace } from "@/features/find/use-place";
import { cx } from "@/lib/classes";
import { type UrlState, useUrlState } from "@/lib/url-state";

const NEAREST_SHOWN = 3;
const NEAR_M = 50_000;

export function FindPage() {
  const t = useTranslations("find");
  const words = useTranslations("driver.find");
  const [url, setUrl] = useUrlState();
  const [where, locate] = usePlace();
  const isCharging = useRunningSessions().length > 0;
  const search = url.search ?? "";
  const stations = useQuery({ ...publicStationsQuery(search), placeholderData: keepPreviousData });
  const here = where.step === "known" ? where.place : null;
  const isFreeOnly = url.free === "1";
  const all = stations.data?.data ?? [];
  const found = sorted(isFreeOnly ? all.filter((station) => station.connectors_free > 0) : all, here);
  const chosen = Number(url.station) || undefined;
  const you: MapPin[] = here
    ? [{ id: "you", ...here, title: words("you"), text: "●", tone: "accent", isMark: true }]
    : [];
  const show = (id: number | string) => {
    setUrl({ station: String(id) });
    document.getElementById(`station-${id}`)?.scrollIntoView({ block: "start", behavior: "smooth" });
  };
  return (
    <>
      <h1 className="sr-only">{t("title")}</h1>
      <RunningBanner />
      <Button asChild look={isCharging ? "secondary" : "primary"} size="large" className="mb-4 w-full sm:w-auto">
        <Link href="/scan">
          <QrCode aria-hidden />
          {words("scan")}
        </Link>
      </Button>
      <section className="card mb-4 h-64 overflow-hidden sm:h-80" aria-label={t("map")}>
        <StationMap
          label={t("map")}
          selected={chosen}
          onSelect={show}
          focus={here ? [here, ...nearest(found, here)] : undefined}
          pins={[...found.map(pinOf), ...you]}
        />
      </section>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <SearchFilter key={search === "" ? "all" : "some"} url={url} onUrl={setUrl} label={t("search")} isLarge />
        <Button className="h-12 text-base max-sm:flex-1" onClick={locate} isBusy={where.step === "locating"}>
          <LocateFixed aria-hidden />
          {t("near")}
        </Button>
        <Button
          className={cx("h-12 text-base max-sm:flex-1", isFreeOnly && "border-accent bg-accent-soft text-accent")}
          aria-pressed={isFreeOnly}
          onClick={() => setUrl({ free: isFreeOnly ? "" : "1" })}
        >
          {words("freeNow")}
        </Button>
      </div>
      <PlaceLine where={where} />
      {stations.isError && !stations.data ? (
        <ErrorState error={stations.error} onRetry={() => void stations.refetch()} />
      ) : stations.data && isFreeOnly && found.length === 0 && all.length > 0 ? (
        <EmptyState
          icon={<PlugZap aria-hidden />}
          title={words("noneFree")}
          hint={words("noneFreeHint")}
          action={<Button onClick={() => setUrl({ free: "" })}>{words("showAll")}</Button>}
        />
      ) : stations.data?.total === 0 ? (
        <NothingFound search={search} onClear={() => setUrl({ search: "" })} />
      ) : (
        <StationList stations={stations.data ? found : null} total={isFreeOnly ? found.length : (stations.data?.total ?? 0)} here={here} url={url} />
      )}
    </>
  );
}

function PlaceLine({ where }: { where: PlaceState }) {
  const words = useTranslations("driver.find");
  const text =
    where.step === "unknown" ? null : words(where.step === "known" ? "nearest" : where.step);
  return (
    <p role="status" className="mb-2 min-h-5 text-muted">
      {text}
    </p>
  );
}

function NothingFound({ search, onClear }: { search: string; onClear: () => void }) {
  const t = useTranslations("find");
  const words = useTranslations("driver.find");
  const icon = <MapPinOff aria-hidden />;
  if (search === "") return <EmptyState icon={icon} title={words("none")} hint={words("noneHint")} />;
  return (
    <EmptyState
      icon={icon}
      title={t("empty")}
      hint={t("emptyHint")}
      action={<Button onClick={onClear}>{words("showAll")}</Button>}
    />
  );
}

interface ListProps {
  stations: PublicStation[] | null;
  total: number;
  here: Place | null;
  url: UrlState;
}

function StationList({ stations, total, here, url }: ListProps) {
  const words = useTranslations("driver.find");
  if (stations === null) {
    return (
      <ul aria-busy className="grid gap-3 md:grid-cols-2">
        {Array.from({ length: 4 }, (_, index) => (
          <li key={index} className="card p-4">
            <Skeleton className="h-40 w-full" />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <>
      <ul className="grid gap-3 md:grid-cols-2">
        {stations.map((station) => (
          <StationCard
            key={station.id}
            station={station}
            distanceM={here ? distanceM(here, station) : null}
            isChosen={String(station.id) === url.station}
          />
        ))}
      </ul>
      {total > stations.length ? (
        <p className="mt-4 text-center text-muted">
          {words("first", { shown: String(stations.length), total: String(total) })}
        </p>
      ) : null}
    </>
  );
}

/** The few that are near, at least the nearest: what the map shows around somebody. */
function nearest(stations: PublicStation[], here: Place): PublicStation[] {
  return stations
    .slice(0, NEAREST_SHOWN)
    .filter((station, index) => index === 0 || distanceM(here, station) < NEAR_M);
}

function pinOf(station: PublicStation): MapPin {
  return {
    id: station.id,
    latitude: station.latitude,
    longitude: station.longitude,
    title: station.name,
    text: String(station.connectors_free),
    tone: station.connectors_free > 0 ? "good" : "idle",
  };
}

function sorted(stations: PublicStation[], here: Place | null): PublicStation[] {
  if (here === null) return stations;
  return [...stations].sort((a, b) => distanceM(here, a) - distanceM(here, b));
}
