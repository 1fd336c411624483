"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { PublicCharger } from "@/api/types";
import { useConnectorType } from "@/features/find/connector-type";
import { useFormat } from "@/lib/format/use-format";

/** Chargers of a station, each leading to where one starts. */
export function ChargerLinks({ chargers }: { chargers: PublicCharger[] }) {
  const t = useTranslations("find");
  const format = useFormat();
  const typeName = useConnectorType();
  return (
    <ul className="-mx-2">
      {chargers.map((charger) => {
        const free = charger.connectors.filter((connector) => connector.is_free).length;
        const types = charger.connectors.map((connector) => typeName(connector.connector_type));
        const powers = charger.connectors.map((connector) => connector.max_power_kw ?? 0);
        const facts = [...new Set(types), powers.some(Boolean) ? format.ratedPower(Math.max(...powers)) : null];
        return (
          <li key={charger.charge_point_id}>
            <Link
              href={`/charge/${encodeURIComponent(charger.charge_point_id)}`}
              className="flex min-h-13 items-center gap-3 rounded-lg px-2 hover:bg-sunken"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{charger.name}</span>
                <span className="block truncate text-[0.8125rem] text-muted">
                  <code className="font-mono">{charger.charge_point_id}</code>
                  {facts.filter(Boolean).map((fact) => ` · ${fact}`)}
                </span>
              </span>
              <span className={charger.is_connected && free > 0 ? "text-good" : "text-muted"}>
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
