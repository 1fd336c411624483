"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { PublicCharger } from "@/api/types";

/** Chargers of a station, each leading to where one starts. */
export function ChargerLinks({ chargers }: { chargers: PublicCharger[] }) {
  const t = useTranslations("find");
  return (
    <ul className="-mx-2">
      {chargers.map((charger) => {
        const free = charger.connectors.filter((connector) => connector.is_free).length;
        return (
          <li key={charger.charge_point_id}>
            <Link
              href={`/charge/${encodeURIComponent(charger.charge_point_id)}`}
              className="flex min-h-13 items-center gap-3 rounded-lg px-2 hover:bg-sunken"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{charger.name}</span>
                <code className="font-mono text-[0.8125rem] text-muted">{charger.charge_point_id}</code>
              </span>
              <span className={free > 0 ? "text-good" : "text-muted"}>
                {charger.is_connected ? t("free", { count: free }) : t("offline")}
              </span>
              <ChevronRight className="size-4 text-muted" aria-hidden />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
