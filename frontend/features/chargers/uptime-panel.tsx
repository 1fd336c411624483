"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { Uptime } from "@/api/types";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { uptimeQuery } from "@/features/chargers/queries";
import { cx } from "@/lib/classes";
import { useFormat } from "@/lib/format/use-format";

const DAY_S = 86_400;

/** Share of the time connected over a day, a week and a month, and a bar of the chosen one. */
export function UptimePanel({ chargerId }: { chargerId: number }) {
  const uptime = useQuery(uptimeQuery(chargerId));
  if (uptime.isError && !uptime.data) {
    return <ErrorState error={uptime.error} onRetry={() => void uptime.refetch()} />;
  }
  if (!uptime.data) return <Skeleton className="h-28 w-full" />;
  return <LoadedUptime uptime={uptime.data} />;
}

function LoadedUptime({ uptime }: { uptime: Uptime }) {
  const t = useTranslations("chargers");
  const format = useFormat();
  const [chosen, setChosen] = useState(0);
  const window = uptime.windows[chosen] ?? uptime.windows[0];
  if (!window) return null;
  const until = new Date(uptime.at).getTime();
  const since = until - window.window_s * 1000;
  const left = (moment: number) => `${Math.min(Math.max((moment - since) / (until - since), 0), 1) * 100}%`;
  const known = Math.max(new Date(uptime.known_since).getTime(), since);
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-2 sm:grid-cols-3">
        {uptime.windows.map((each, index) => (
          <button
            key={each.window_s}
            type="button"
            aria-pressed={index === chosen}
            onClick={() => setChosen(index)}
            className={cx(
              "rounded-lg border border-line px-3 py-2 text-left hover:border-line-strong",
              index === chosen && "border-accent",
            )}
          >
            <span className="block text-[0.8125rem] text-muted">
              {each.window_s === DAY_S ? t("hours24") : t("days", { count: each.window_s / DAY_S })}
            </span>
            <span className="block text-xl font-semibold">
              {each.percent === null ? "–" : `${format.number(each.percent, 2)} %`}
            </span>
            <span className="block text-[0.8125rem] text-muted">{t("breaks", { count: each.breaks })}</span>
          </button>
        ))}
      </div>
      <div>
        <div
          role="img"
          aria-label={t("uptimeBar", { percent: format.number(window.percent ?? 0, 2) })}
          className="relative h-6 overflow-hidden rounded-md bg-idle-soft"
        >
          <span className="absolute inset-y-0 right-0 bg-bad" style={{ left: left(known) }} />
          {uptime.spans.map((span) => {
            const from = new Date(span.since).getTime();
            const to = new Date(span.until).getTime();
            if (to <= since) return null;
            return (
              <span
                key={span.since}
                className="absolute inset-y-0 min-w-px bg-good"
                style={{ left: left(from), right: `calc(100% - ${left(to)})` }}
              />
            );
          })}
        </div>
        <p className="mt-1 flex justify-between text-[0.8125rem] text-muted">
          <span>{format.time(new Date(since))}</span>
          <span>{t("now")}</span>
        </p>
      </div>
      <p className="flex flex-wrap gap-x-4 text-[0.8125rem] text-muted">
        <Legend color="bg-good" text={t("wasOnline")} />
        <Legend color="bg-bad" text={t("wasOffline")} />
        <Legend color="bg-idle-soft" text={t("notKnown")} />
      </p>
    </div>
  );
}

function Legend({ color, text }: { color: string; text: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={cx("size-2.5 rounded-sm", color)} />
      {text}
    </span>
  );
}
