"use client";

import { useTranslations } from "use-intl";

import type { Connector } from "@/api/types";
import { Badge, DOTS, type Tone } from "@/components/ui/badge";
import { Tooltip } from "@/components/ui/tooltip";
import { cx } from "@/lib/classes";

export const CONNECTOR_STATUSES = [
  "Available",
  "Preparing",
  "Charging",
  "SuspendedEV",
  "SuspendedEVSE",
  "Finishing",
  "Reserved",
  "Unavailable",
  "Faulted",
] as const;

type Status = (typeof CONNECTOR_STATUSES)[number] | "Offline" | "Unknown";

const TONES: Record<Status, Tone> = {
  Available: "good",
  Preparing: "warn",
  Charging: "accent",
  SuspendedEV: "warn",
  SuspendedEVSE: "warn",
  Finishing: "warn",
  Reserved: "violet",
  Unavailable: "idle",
  Faulted: "bad",
  Offline: "idle",
  Unknown: "idle",
};

function known(status: string | null): Status {
  return status !== null && status in TONES ? (status as Status) : "Unknown";
}

export function statusTone(status: string | null): Tone {
  return TONES[known(status)];
}

export function useStatusName(): (status: string | null) => string {
  const t = useTranslations("status.connector");
  return (status) => t(known(status));
}

export function ConnectorBadge({ status }: { status: string | null }) {
  const name = useStatusName();
  return (
    <Badge tone={statusTone(status)} hasDot>
      {name(status)}
    </Badge>
  );
}

export function ConnectionBadge({ isOnline }: { isOnline: boolean }) {
  const t = useTranslations("status.charger");
  return (
    <Badge tone={isOnline ? "good" : "idle"} hasDot>
      {isOnline ? t("online") : t("offline")}
    </Badge>
  );
}

/** One small mark per connector; while the charger is offline its last word is not its state. */
export function ConnectorMarks({ connectors, isOnline }: { connectors: Connector[]; isOnline: boolean }) {
  const t = useTranslations("chargers");
  const name = useStatusName();
  const outlets = connectors.filter((connector) => connector.connector_id > 0);
  if (outlets.length === 0) return <span className="text-muted">–</span>;
  return (
    <ul className="flex gap-1">
      {outlets.map((connector) => {
        const status = isOnline ? connector.status : "Offline";
        const text = `${t("connector", { number: String(connector.connector_id) })}: ${name(status)}`;
        return (
          <li key={connector.connector_id}>
            <Tooltip text={text}>
              <span
                role="img"
                aria-label={text}
                className="flex h-6 min-w-7 items-center justify-center gap-1 rounded-md bg-sunken px-1.5 text-[0.75rem]"
              >
                <span className={cx("size-2 rounded-full", DOTS[statusTone(status)])} />
                {connector.connector_id}
              </span>
            </Tooltip>
          </li>
        );
      })}
    </ul>
  );
}
