"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";

import type { Stretch } from "@/features/smart-charging/steps";
import { useFormat } from "@/lib/format/use-format";

interface ChartProps {
  startsAt: string;
  durationS: number;
  unit: string;
  computed: Stretch[];
  told: Stretch[];
}

const WIDTH = 640;
const HEIGHT = 190;
const TOP = 10;

/** Two step lines over time: what we compute, and dashed what the charger told. */
export function ScheduleChart({ startsAt, durationS, unit, computed, told }: ChartProps) {
  const t = useTranslations("smartCharging");
  const format = useFormat();
  const id = useId();
  const limits = [...computed, ...told].map((one) => one.limit ?? 0);
  const highest = Math.max(1, ...limits) * 1.1;
  const x = (seconds: number) => (seconds / Math.max(1, durationS)) * WIDTH;
  const y = (limit: number) => HEIGHT - (limit / highest) * (HEIGHT - TOP);
  const path = (steps: Stretch[]) =>
    steps
      .filter((one) => one.limit !== null)
      .map((one, index, kept) => {
        const isJoined = index > 0 && kept[index - 1]?.to === one.from;
        const height = y(one.limit ?? 0).toFixed(1);
        return `${isJoined ? "L" : "M"}${x(one.from).toFixed(1)},${height} L${x(one.to).toFixed(1)},${height}`;
      })
      .join(" ");
  const time = (seconds: number) =>
    format.time(new Date(new Date(startsAt).getTime() + seconds * 1000));
  return (
    <figure>
      <figcaption id={id} className="mb-2 flex flex-wrap items-center gap-x-5 gap-y-1 text-[0.8125rem] text-muted">
        <span className="flex items-center gap-2">
          <span aria-hidden className="h-0.5 w-6 bg-accent" />
          {t("ours")}
        </span>
        {told.length > 0 ? (
          <span className="flex items-center gap-2">
            <span aria-hidden className="w-6 border-t-2 border-dashed border-warn" />
            {t("theirs")}
          </span>
        ) : null}
        <span className="ml-auto">
          {t("upTo", { limit: `${format.number(Math.max(...limits, 0), 1)} ${unit}` })}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-labelledby={id}
        preserveAspectRatio="none"
        className="h-48 w-full rounded bg-sunken"
      >
        <path d={path(computed)} fill="none" stroke="var(--accent)" strokeWidth={2.5} vectorEffect="non-scaling-stroke" />
        <path
          d={path(told)}
          fill="none"
          stroke="var(--warn)"
          strokeWidth={2}
          strokeDasharray="6 5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div className="mt-1 flex justify-between text-[0.75rem] text-muted">
        <span>{time(0)}</span>
        <span>{time(durationS)}</span>
      </div>
    </figure>
  );
}
