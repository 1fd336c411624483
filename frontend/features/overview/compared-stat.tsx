"use client";

import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { Overview } from "@/api/types";
import { Skeleton } from "@/components/ui/states";
import { localDay } from "@/lib/list-params";
import { useFormat } from "@/lib/format/use-format";

type Period = Overview["today"];

interface ComparedProps {
  label: string;
  figures: Overview | undefined;
  /** The figure as it is compared, and as it is shown. */
  amount: (period: Period) => number;
  shown: (period: Period) => string;
}

/** Today's figure beside the same hours of yesterday and of the same weekday last week. */
export function ComparedStat({ label, figures, amount, shown }: ComparedProps) {
  const t = useTranslations("overview");
  const others = [
    { name: t("yesterday"), period: figures?.yesterday },
    { name: t("lastWeek"), period: figures?.last_week },
  ];
  return (
    <div className="card flex flex-col px-4 py-3 max-md:col-span-2">
      <span className="text-[0.8125rem] text-muted">{label}</span>
      <span className="flex h-8 items-center text-2xl font-semibold tracking-tight">
        {figures ? (
          <Link href={hrefOf(figures.today)} className="underline-offset-4 hover:underline">
            {shown(figures.today)}
          </Link>
        ) : (
          <Skeleton className="h-6" />
        )}
      </span>
      <dl className="grid grid-cols-[1fr_auto_auto] gap-x-2 text-[0.8125rem] text-muted">
        {others.map(({ name, period }) => (
          <div key={name} className="col-span-3 grid grid-cols-subgrid items-center">
            <dt className="truncate">{name}</dt>
            <dd className="text-right whitespace-nowrap">
              {period ? (
                <Link href={hrefOf(period)} className="inline-block min-h-6 min-w-6 leading-6 underline-offset-2 hover:underline">
                  {shown(period)}
                </Link>
              ) : (
                "–"
              )}
            </dd>
            <dd className="min-w-14 text-right">
              {figures && period ? <Change now={amount(figures.today)} then={amount(period)} /> : null}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The day's ended sessions: what the figure was added up from. */
function hrefOf(period: Period): string {
  return `/transactions?ended=${localDay(new Date(period.since))}&sort=-stopped_at`;
}

function Change({ now, then }: { now: number; then: number }) {
  const format = useFormat();
  if (then === 0) return <span aria-hidden>–</span>;
  const percent = Math.round(((now - then) / then) * 100);
  const Icon = percent > 0 ? ArrowUpRight : percent < 0 ? ArrowDownRight : ArrowRight;
  return (
    <span className="inline-flex items-center gap-0.5 whitespace-nowrap">
      <Icon className="size-3.5" aria-hidden />
      {percent > 0 ? "+" : ""}
      {format.number(percent)} %
    </span>
  );
}
