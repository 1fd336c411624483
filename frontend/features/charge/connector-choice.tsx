"use client";

import { useTranslations } from "use-intl";

import type { PublicConnector } from "@/api/types";
import { ConnectorBadge } from "@/features/chargers/status";
import { useConnectorType } from "@/features/find/connector-type";
import { cx } from "@/lib/classes";
import { useFormat } from "@/lib/format/use-format";

/** A session can also start while the plug is in already. */
const STARTABLE = new Set(["Available", "Preparing", "Finishing", "Reserved"]);

export function isStartable(connector: PublicConnector): boolean {
  return STARTABLE.has(connector.status);
}

interface ChoiceProps {
  connector: PublicConnector;
  isChosen: boolean;
  onChoose: () => void;
}

export function ConnectorChoice({ connector, isChosen, onChoose }: ChoiceProps) {
  const t = useTranslations("chargers");
  const format = useFormat();
  const canStart = isStartable(connector);
  const typeName = useConnectorType();
  const power = connector.max_power_kw;
  const facts = [typeName(connector.connector_type), power === null ? null : format.ratedPower(power)];
  return (
    <label
      className={cx(
        "card flex min-h-16 items-center gap-3 px-4 py-3 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
        isChosen && "border-accent ring-1 ring-accent",
        canStart ? "cursor-pointer" : "bg-sunken",
      )}
    >
      <input
        type="radio"
        name="connector"
        className="size-5 accent-[var(--accent)] focus-visible:outline-none"
        checked={isChosen}
        disabled={!canStart}
        onChange={onChoose}
      />
      <span className="flex-1">
        <span className="block text-base font-medium">
          {t("connector", { number: String(connector.connector_id) })}
        </span>
        <span className="text-muted">{facts.filter(Boolean).join(" · ")}</span>
      </span>
      <ConnectorBadge status={connector.status} />
    </label>
  );
}
