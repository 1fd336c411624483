"use client";

import { BatteryCharging } from "lucide-react";
import { useTranslations } from "use-intl";

import type { ChargerDetail, Connector } from "@/api/types";
import { CopyText } from "@/components/ui/copy-text";
import { Facts, Section } from "@/components/ui/facts";
import { EmptyState } from "@/components/ui/states";
import { ConnectorBadge, useStatusName } from "@/features/chargers/status";
import { RunningSessions } from "@/features/overview/running-sessions";
import { useNow } from "@/lib/clock";
import { useFormat } from "@/lib/format/use-format";

/** What the charger is and does now. */
export function ChargerState({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("chargers");
  const sessions = {
    data: { data: charger.current_transactions },
    error: null,
    refetch: () => undefined,
  };
  return (
    <div className="grid gap-4 xl:grid-cols-[1fr_24rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <Section title={t("connectors")}>
          {charger.connectors.length === 0 ? (
            <p className="text-muted">{t("noConnectors")}</p>
          ) : (
            <ul className="grid gap-3 sm:grid-cols-2">
              {charger.connectors.map((connector) => (
                <ConnectorCard
                  key={connector.connector_id}
                  connector={connector}
                  isOnline={charger.is_connected}
                />
              ))}
            </ul>
          )}
        </Section>
        <Section title={t("current")}>
          <RunningSessions
            query={sessions}
            empty={<EmptyState icon={<BatteryCharging aria-hidden />} title={t("noCurrent")} hint="" />}
          />
        </Section>
      </div>
      <Section title={t("about")} className="self-start">
        <About charger={charger} />
      </Section>
    </div>
  );
}

function ConnectorCard({ connector, isOnline }: { connector: Connector; isOnline: boolean }) {
  const t = useTranslations("chargers");
  const format = useFormat();
  const now = useNow();
  const fault = connector.error_code && connector.error_code !== "NoError" ? connector.error_code : null;
  const detail = [fault, connector.info, connector.vendor_error_code].filter(Boolean).join(" · ");
  return (
    <li className="rounded-lg border border-line p-3">
      <div className="flex items-center justify-between gap-2">
        <span className="font-medium">
          {connector.connector_id === 0
            ? t("whole")
            : t("connector", { number: String(connector.connector_id) })}
        </span>
        <ConnectorBadge status={isOnline ? connector.status : "Offline"} />
      </div>
      <p className="mt-1 text-[0.8125rem] text-muted">
        {connector.connector_type ?? "–"}
        {connector.max_power_kw === null ? "" : ` · ${format.power(connector.max_power_kw * 1000)}`}
        {connector.status_at ? ` · ${format.ago(connector.status_at, now)}` : ""}
      </p>
      {detail ? <p className="mt-1 text-[0.8125rem] text-bad">{detail}</p> : null}
      <WantedAvailability connector={connector} />
    </li>
  );
}

/** What the charger agreed to be on an operator's request, where that is worth a word. */
function WantedAvailability({ connector }: { connector: Connector }) {
  const t = useTranslations("chargers");
  const name = useStatusName();
  const isOut = connector.wanted === "Inoperative";
  if (connector.availability_warning !== null) {
    const wanted = isOut ? t("wantedOut") : t("wantedIn");
    return (
      <p className="mt-1 text-[0.8125rem] text-warn" role="status">
        {t("wantedDiffers", { wanted, status: name(connector.status) })}
      </p>
    );
  }
  if (!isOut) return null;
  const isLater = connector.wanted_answer === "Scheduled" && connector.status !== "Unavailable";
  return (
    <p className="mt-1 text-[0.8125rem] text-muted">{isLater ? t("wantedLater") : t("wantedOut")}</p>
  );
}

function About({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("chargers");
  const ui = useTranslations("ui");
  const format = useFormat();
  const moment = (value: string | null) => (value ? format.time(value) : t("never"));
  return (
    <>
      <CopyText label={t("url")} text={charger.ocpp_url} />
      <Facts
        className="mt-4"
        facts={[
          [t("vendor"), charger.vendor],
          [t("model"), charger.model],
          [t("serial"), charger.serial_number],
          [t("firmware"), charger.firmware_version],
          [t("meter"), [charger.meter_type, charger.meter_serial_number].filter(Boolean).join(" ")],
          [t("protocol"), charger.protocol],
          [t("profile"), charger.security_profile === 0 ? t("profile0") : t("profile1")],
          [t("registration"), charger.registration],
          [t("heartbeat"), t("seconds", { count: String(charger.heartbeat_interval_s) })],
          [t("freeTag"), charger.free_id_tag],
          [t("strict"), charger.is_strict ? ui("yes") : ui("no")],
          [t("booted"), moment(charger.booted_at)],
          [t("lastSeen"), moment(charger.last_seen)],
        ]}
      />
    </>
  );
}
