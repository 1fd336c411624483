"use client";

import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import { api, unwrap } from "@/api/client";
import type { components, operations } from "@/api/schema";
import { Badge } from "@/components/ui/badge";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyState } from "@/components/ui/states";
import { CloseSessionButton } from "@/features/desk/session-actions";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

type Pending = components["schemas"]["PendingSession"];
type ListQuery = NonNullable<operations["pending_api_admin_desk_pending_get"]["parameters"]["query"]>;

const REASONS = ["connection_lost", "server_ended", "reconnected", "booted", "superseded"] as const;

export function pendingQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ["transactions", "pending", query],
    queryFn: () => unwrap(api.GET("/api/admin/desk/pending", { params: { query } })),
  });
}

/** Sessions that wait for evidence: why, until when, and what is known of each. */
export function PendingSessions() {
  const t = useTranslations("pending");
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const query = useQuery({ ...pendingQuery(listParams(url)), placeholderData: keepPreviousData });
  const columns: Column<Pending>[] = [
    {
      id: "session",
      label: t("session"),
      cell: (row) => (
        <span className="block max-w-md py-1.5 whitespace-normal">
          <Link href={`/transactions/${row.id}`} className="font-medium hover:underline">
            {row.id}
          </Link>{" "}
          · {row.charge_point_id} · {row.connector_id}
          <span className="block text-[0.8125rem] text-muted">
            {t(`reasons.${REASONS.find((reason) => reason === row.reason) ?? "other"}`)}
          </span>
        </span>
      ),
    },
    { id: "evidence", label: t("evidence"), isMinor: true, cell: (row) => <Evidence row={row} /> },
    {
      id: "started",
      label: t("started"),
      sort: "started_at",
      isMinor: true,
      cell: (row) => format.time(row.started_at),
    },
    {
      id: "deadline",
      label: t("deadline"),
      sort: "reconcile_by",
      cell: (row) => (row.reconcile_by === null ? "–" : format.time(row.reconcile_by)),
    },
    { id: "close", label: t("close"), cell: (row) => <CloseSessionButton transactionId={row.id} /> },
  ];
  return (
    <DataTable
      label={t("title")}
      columns={columns}
      query={query}
      rowKey={(row) => row.id}
      url={url}
      onUrl={setUrl}
      defaultSort="reconcile_by"
      empty={<EmptyState icon={<CircleCheck aria-hidden />} title={t("empty")} hint={t("emptyHint")} />}
    />
  );
}

function Evidence({ row }: { row: Pending }) {
  const t = useTranslations("pending");
  const format = useFormat();
  const { evidence } = row;
  return (
    <span className="block max-w-xs py-1.5 text-[0.8125rem] whitespace-normal">
      <Badge tone={evidence.is_connected ? "good" : "idle"}>
        {evidence.is_connected ? t("online") : t("offline")}
      </Badge>{" "}
      {evidence.connector_status ? t("connector", { status: evidence.connector_status }) : t("noStatus")}
      <span className="block text-muted">
        {evidence.last_reading_at === null
          ? t("noReading")
          : t("lastReading", {
              at: format.time(evidence.last_reading_at),
              register:
                evidence.last_register_wh === null ? "–" : format.energy(evidence.last_register_wh),
            })}
      </span>
    </span>
  );
}
