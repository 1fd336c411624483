"use client";

import Link from "next/link";
import type { ReactNode } from "react";

import type { Transaction } from "@/api/types";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { TransactionBadge } from "@/features/transactions/status";
import { useNow } from "@/lib/clock";
import { useFormat } from "@/lib/format/use-format";

const SHOWN = 8;

interface RunningProps {
  query: { data: { data: Transaction[] } | undefined; error: Error | null; refetch: () => unknown };
  empty: ReactNode;
}

/** The newest open sessions with what they draw. */
export function RunningSessions({ query, empty }: RunningProps) {
  const format = useFormat();
  const now = useNow(10_000);
  if (query.error && !query.data) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return (
      <div className="flex flex-col gap-3">
        {Array.from({ length: 4 }, (_, index) => (
          <Skeleton key={index} className="h-10 w-full" />
        ))}
      </div>
    );
  }
  if (query.data.data.length === 0) return empty;
  return (
    <ul className="-mx-2 flex flex-col">
      {query.data.data.slice(0, SHOWN).map((row) => (
        <li key={row.id}>
          <Link
            href={`/transactions/${row.id}`}
            className="grid min-h-13 grid-cols-[1fr_auto] items-center gap-x-4 rounded-lg px-2 py-1.5 hover:bg-sunken sm:grid-cols-[1fr_8rem_7rem_7rem]"
          >
            <span className="min-w-0">
              <span className="block truncate font-medium">
                {row.charge_point_id} · {row.connector_id}
              </span>
              <span className="block truncate text-[0.8125rem] text-muted">
                {row.station_name} · {row.user_name ?? row.id_tag}
              </span>
            </span>
            <span className="max-sm:hidden">
              <TransactionBadge status={row.status} />
            </span>
            <span className="text-right max-sm:hidden">
              {row.power_w === null ? "–" : format.power(row.power_w)}
            </span>
            <span className="text-right">
              <span className="block font-medium">
                {row.energy_wh === null ? "–" : format.energy(row.energy_wh)}
              </span>
              <span className="block text-[0.8125rem] text-muted">
                {format.duration((now.getTime() - new Date(row.started_at).getTime()) / 1000)}
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
