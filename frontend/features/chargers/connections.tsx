"use client";

import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { useFormat } from "@/lib/format/use-format";

/** The charger's last connections, with how each ended. */
export function Connections({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("chargers");
  const format = useFormat();
  if (charger.connections.length === 0) return <p className="text-muted">{t("noConnections")}</p>;
  return (
    <div className="-m-4 overflow-x-auto">
      <table className="w-full text-left whitespace-nowrap">
        <thead>
          <tr className="border-b border-line text-[0.8125rem] text-muted">
            {[t("from"), t("until"), t("address"), t("protocol"), t("closeReason")].map((head) => (
              <th key={head} scope="col" className="h-10 px-4 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {charger.connections.map((connection) => (
            <tr key={connection.connected_at} className="border-b border-line last:border-0">
              <td className="h-10 px-4">{format.time(connection.connected_at)}</td>
              <td className="px-4">
                {connection.disconnected_at ? format.time(connection.disconnected_at) : t("open")}
              </td>
              <td className="px-4 font-mono text-[0.8125rem]">{connection.remote_address ?? "–"}</td>
              <td className="px-4">{connection.protocol}</td>
              <td className="px-4 text-muted">
                {connection.close_code === null
                  ? "–"
                  : `${connection.close_code} ${connection.close_reason ?? ""}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
