"use client";

import { ChevronRight, CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { Overview } from "@/api/types";
import { Skeleton } from "@/components/ui/states";
import { useFormat } from "@/lib/format/use-format";

export function DeskSummary({ desk }: { desk: Overview["desk"] | undefined }) {
  const t = useTranslations("overview");
  const format = useFormat();
  if (desk === undefined) return <Skeleton className="h-9 w-full" />;
  const waiting = [
    { source: "case", label: t("cases"), count: desk.cases },
    { source: "bill", label: t("failedBills"), count: desk.failed_bills },
    { source: "quarantine", label: t("quarantined"), count: desk.quarantined_messages },
    { source: "job", label: t("deadJobs"), count: desk.dead_jobs },
  ].filter((entry) => entry.count > 0);
  if (waiting.length === 0) {
    return (
      <p className="flex min-h-9 items-center gap-2 text-muted">
        <CircleCheck className="size-4.5 text-good" aria-hidden />
        {t("nothingWaits")}
      </p>
    );
  }
  return (
    <ul className="-mx-2 flex flex-col">
      {waiting.map((entry) => (
        <li key={entry.source}>
          <Link
            href={`/desk?source=${entry.source}`}
            className="flex h-9 items-center justify-between gap-3 rounded-lg px-2 hover:bg-sunken"
          >
            {entry.label}
            <span className="flex items-center gap-1 font-semibold text-bad">
              {format.number(entry.count)}
              <ChevronRight className="size-4 text-muted" aria-hidden />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
