"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { BatteryCharging } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { Transaction } from "@/api/types";
import { type Column, DataTable } from "@/components/ui/data-table";
import { Stat } from "@/components/ui/stat";
import { EmptyState } from "@/components/ui/states";
import { transactionsFilter } from "@/features/transactions/filter";
import { type TransactionsFilter, transactionsQuery } from "@/features/transactions/queries";
import { BillingBadge, TransactionBadge } from "@/features/transactions/status";
import { useFormat } from "@/lib/format/use-format";
import type { UrlState } from "@/lib/url-state";

function useColumns(): Column<Transaction>[] {
  const t = useTranslations("transactions");
  const format = useFormat();
  return [
    {
      id: "started",
      label: t("started"),
      sort: "started_at",
      cell: (row) => (
        <Link href={`/transactions/${row.id}`} className="font-medium hover:underline">
          {format.time(row.started_at)}
        </Link>
      ),
    },
    {
      id: "charger",
      label: t("charger"),
      sort: "charge_point_id",
      cell: (row) => `${row.charge_point_id} · ${row.connector_id}`,
    },
    { id: "station", label: t("station"), isMinor: true, cell: (row) => row.station_name },
    {
      id: "driver",
      label: t("driver"),
      isMinor: true,
      cell: (row) =>
        row.user_id === null ? (
          <code className="font-mono text-[0.8125rem] text-muted">{row.id_tag}</code>
        ) : (
          <Link href={`/drivers/${row.user_id}`} className="hover:underline">
            {row.user_name}
          </Link>
        ),
    },
    { id: "status", label: t("status"), sort: "status", cell: (row) => <TransactionBadge status={row.status} /> },
    {
      id: "energy",
      label: t("energy"),
      sort: "energy_wh",
      isNumber: true,
      cell: (row) => (row.energy_wh === null ? "–" : format.energy(row.energy_wh)),
    },
    {
      id: "cost",
      label: t("cost"),
      sort: "cost",
      isNumber: true,
      cell: (row) => (row.cost ? format.money(row.cost) : "–"),
    },
    {
      id: "billing",
      label: t("billing"),
      sort: "billing_status",
      isMinor: true,
      cell: (row) =>
        row.status === "ENDED" ? <BillingBadge status={row.billing_status} /> : "–",
    },
  ];
}

interface TableProps {
  url: UrlState;
  onUrl: (changes: Record<string, string>) => void;
  /** What the place of the table decides, such as one charger's sessions only. */
  fixed?: TransactionsFilter;
}

/** Sessions with totals over the whole filter. */
export function TransactionsTable({ url, onUrl, fixed }: TableProps) {
  const t = useTranslations("transactions");
  const format = useFormat();
  const columns = useColumns();
  const query = useQuery({
    ...transactionsQuery({ ...transactionsFilter(url), ...fixed }),
    placeholderData: keepPreviousData,
  });
  const summary = query.data?.summary;
  const costs = summary?.costs.map((cost) => format.money(cost)).join(" + ");
  return (
    <>
      <div className="mb-3 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat label={t("count")} value={summary && format.number(summary.total)} note={summary && t("openCount", { count: summary.open })} />
        <Stat label={t("energy")} value={summary && format.energy(summary.energy_wh)} note={t("overFilter")} />
        <Stat label={t("cost")} value={summary && (costs || "–")} note={t("overFilter")} />
        <Stat label={t("duration")} value={summary && format.duration(summary.duration_s)} note={t("overFilter")} />
      </div>
      <DataTable
        label={t("title")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id}
        rowHref={(row) => `/transactions/${row.id}`}
        url={url}
        onUrl={onUrl}
        defaultSort="-started_at"
        empty={<EmptyState icon={<BatteryCharging aria-hidden />} title={t("empty")} hint={t("emptyHint")} />}
      />
    </>
  );
}
