"use client";

import { useQuery } from "@tanstack/react-query";
import { Waypoints } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/facts";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { JsonView } from "@/components/ui/json-view";
import { EmptyState, ErrorLine, ErrorState, Skeleton } from "@/components/ui/states";
import {
  compositeQuery,
  type ToldProfile,
  toldProfilesQuery,
  useAskComposite,
  type Wanted,
} from "@/features/smart-charging/queries";
import { ScheduleChart } from "@/features/smart-charging/schedule-chart";
import { computedSteps, toldSteps } from "@/features/smart-charging/steps";
import { useFormat } from "@/lib/format/use-format";

const HOURS = [1, 6, 24, 168];
const TONES: Record<ToldProfile["status"], Tone> = {
  ASKED: "accent",
  ACCEPTED: "good",
  REJECTED: "bad",
  NOT_SUPPORTED: "bad",
  REPLACED: "idle",
  CLEARED: "idle",
  ENDED: "idle",
};

/** What the charger was told, and what it comes to: ours beside the charger's own reckoning. */
export function ChargerProfiles({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("smartCharging");
  return (
    <div className="flex flex-col gap-4">
      <Section title={t("composite")}>
        <Composite charger={charger} />
      </Section>
      <Section title={t("told")}>
        <ToldProfiles chargerId={charger.id} />
      </Section>
    </div>
  );
}

function Composite({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("smartCharging");
  const [wanted, setWanted] = useState<Wanted>({
    connector_id: 1,
    duration_s: 86_400,
    charging_rate_unit: "W",
  });
  const ask = useAskComposite(charger.id);
  const ours = useQuery(compositeQuery(charger.id, wanted));
  const asked = ask.variables === wanted ? ask.data : undefined;
  const shown = asked?.computed ?? ours.data;
  const choose = (changes: Partial<Wanted>) => setWanted((before) => ({ ...before, ...changes }));
  const connectors = [0, ...charger.connectors.map((one) => one.connector_id).filter((n) => n > 0)];
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <Field label={t("connector")}>
          {(control) => (
            <Select {...control} value={wanted.connector_id} onChange={(event) => choose({ connector_id: Number(event.target.value) })}>
              {connectors.map((number) => (
                <option key={number} value={number}>
                  {number === 0 ? t("whole") : number}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("span")}>
          {(control) => (
            <Select {...control} value={wanted.duration_s} onChange={(event) => choose({ duration_s: Number(event.target.value) })}>
              {HOURS.map((hours) => (
                <option key={hours} value={hours * 3600}>
                  {t("hours", { hours })}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("unit")}>
          {(control) => (
            <Select
              {...control}
              value={wanted.charging_rate_unit}
              onChange={(event) => choose({ charging_rate_unit: event.target.value === "A" ? "A" : "W" })}
            >
              <option value="W">W</option>
              <option value="A">A</option>
            </Select>
          )}
        </Field>
        <Button look="primary" isBusy={ask.isPending} onClick={() => ask.mutate(wanted)}>
          <Waypoints aria-hidden />
          {t("ask")}
        </Button>
      </div>
      {shown ? (
        <ScheduleChart
          startsAt={shown.starts_at}
          durationS={shown.duration_s}
          unit={shown.rate_unit}
          computed={computedSteps(shown)}
          told={asked ? toldSteps(asked, shown.duration_s) : []}
        />
      ) : (
        <Skeleton className="h-48 w-full" />
      )}
      {shown?.periods.every((one) => one.limit === null) ? (
        <p className="mt-2 text-[0.8125rem] text-muted">{t("unlimited")}</p>
      ) : null}
      <ErrorLine error={ask.error ?? ours.error} />
      {asked && asked.differences.length === 0 && asked.status === "Accepted" ? (
        <p className="mt-3 text-good">{t("same")}</p>
      ) : null}
      {asked?.warnings.map((warning) => (
        <p key={warning} className="mt-2 rounded-md bg-warn-soft px-3 py-1.5 text-warn">
          {warning}
        </p>
      ))}
    </>
  );
}

function ToldProfiles({ chargerId }: { chargerId: number }) {
  const t = useTranslations("smartCharging");
  const format = useFormat();
  const told = useQuery(toldProfilesQuery(chargerId));
  if (told.isError && !told.data) {
    return <ErrorState error={told.error} onRetry={() => void told.refetch()} />;
  }
  if (!told.data) return <Skeleton className="h-24 w-full" />;
  if (told.data.total === 0) return <EmptyState title={t("empty")} hint={t("emptyHint")} />;
  return (
    <ul className="-m-4 divide-y divide-line">
      {told.data.data.map((one) => (
        <li key={one.operation_id} className="px-4 py-2.5">
          <details>
            <summary className="flex cursor-pointer flex-wrap items-center gap-x-4 gap-y-1">
              <code className="font-mono text-[0.8125rem]">{one.charging_profile_id}</code>
              <span className="font-medium">{one.purpose}</span>
              <Badge tone={TONES[one.status]}>{t(`status.${one.status}`)}</Badge>
              <span className="text-[0.8125rem] text-muted">
                {t("place", { connector: one.connector_id, level: one.stack_level })} · {format.time(one.asked_at)}
              </span>
            </summary>
            <JsonView value={one.charging_profile} className="mt-2" />
          </details>
        </li>
      ))}
    </ul>
  );
}
