"use client";

import { Navigation } from "lucide-react";
import { useTranslations } from "use-intl";

import type { PublicStation } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { ChargerLinks } from "@/features/find/charger-links";
import { directionsTo } from "@/features/find/directions";
import { PriceLine } from "@/features/find/price-line";
import { cx } from "@/lib/classes";
import { useFormat } from "@/lib/format/use-format";

interface CardProps {
  station: PublicStation;
  distanceM: number | null;
  isChosen: boolean;
}

/** A station as a driver needs it: is one free, how strong, how much, how to get there. */
export function StationCard({ station, distanceM, isChosen }: CardProps) {
  const t = useTranslations("find");
  const words = useTranslations("driver.find");
  const format = useFormat();
  const power = station.max_power_kw;
  const facts = [
    distanceM === null ? null : `${format.number(distanceM / 1000, 1)} km`,
    power === null ? null : t("upTo", { power: format.ratedPower(power) }),
  ].filter(Boolean);
  const way = directionsTo(station, station.name, navigator.userAgent);
  return (
    <li
      id={`station-${station.id}`}
      className={cx("card flex scroll-mt-20 flex-col gap-3 p-4", isChosen && "border-accent ring-1 ring-accent")}
    >
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-base font-semibold">{station.name}</h2>
          <p className="text-muted">{station.address}</p>
        </div>
        <Badge tone={station.connectors_free > 0 ? "good" : "idle"} hasDot className="h-7 text-sm">
          {t("freeOf", { free: station.connectors_free, total: station.connectors_total })}
        </Badge>
      </div>
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <PriceLine price={station.price} />
          <p className="text-muted">{facts.join(" · ")}</p>
        </div>
        <a
          href={way}
          {...(way.startsWith("https:") ? { target: "_blank", rel: "noreferrer" } : {})}
          aria-label={`${t("directions")}: ${station.name}`}
          className="-mx-2 inline-flex h-11 items-center gap-2 rounded-lg px-2 font-medium text-accent hover:underline"
        >
          <Navigation className="size-4" aria-hidden />
          {t("directions")}
        </a>
      </div>
      <section
        aria-label={words("chargers", { station: station.name })}
        className="mt-auto border-t border-line pt-2"
      >
        <ChargerLinks chargers={station.chargers} />
      </section>
    </li>
  );
}
