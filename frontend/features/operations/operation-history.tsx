"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import type { Operation } from "@/api/types";
import { Badge, type Tone } from "@/components/ui/badge";
import { JsonView } from "@/components/ui/json-view";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { operationsQuery } from "@/features/operations/queries";
import { useFormat } from "@/lib/format/use-format";

const SHOWN = 20;

const TONES: Record<Operation["status"], Tone> = {
  REQUESTED: "idle",
  SENT: "accent",
  ANSWERED: "good",
  FAILED: "bad",
  TIMED_OUT: "warn",
  EXPIRED: "warn",
};

/** What was asked of the charger last, by whom, and what it said. */
export function OperationHistory({ chargerId }: { chargerId: number }) {
  const t = useTranslations("operations");
  const names = useTranslations("status.operation");
  const format = useFormat();
  const history = useQuery(operationsQuery({ charger_id: chargerId, limit: SHOWN }));
  if (history.isError && !history.data) {
    return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  }
  if (!history.data) return <Skeleton className="h-24 w-full" />;
  if (history.data.total === 0) return <p className="text-muted">{t("noHistory")}</p>;
  return (
    <ul className="-my-2 divide-y divide-line">
      {history.data.data.map((operation) => (
        <li key={operation.id} className="py-2">
          <details>
            <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1">
              <span className="min-w-44 font-medium">{operation.action}</span>
              <Badge tone={operation.charger_status === "Rejected" ? "bad" : TONES[operation.status]}>
                {operation.charger_status ?? operation.error_code ?? names(operation.status)}
              </Badge>
              <span className="text-muted">
                {operation.requested_by_name ?? t("system")} · {format.time(operation.requested_at)}
              </span>
            </summary>
            <div className="mt-2 grid gap-3 md:grid-cols-2">
              <JsonView value={operation.request} />
              <JsonView value={operation.response ?? operation.error_detail ?? names(operation.status)} />
            </div>
          </details>
        </li>
      ))}
    </ul>
  );
}
