"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { type Column, DataTable } from "@/components/ui/data-table";
import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { EmptyState } from "@/components/ui/states";
import { chargerFaultsQuery, type Fault } from "@/features/faults/queries";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

/** What went wrong at this charger: open faults, and those that have resolved themselves. */
export function ChargerFaults({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("faults");
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const query = useQuery({
    ...chargerFaultsQuery(charger.id, {
      ...listParams(url),
      open: url.open ? url.open === "true" : undefined,
    }),
    placeholderData: keepPreviousData,
  });
  const columns: Column<Fault>[] = [
    {
      id: "error",
      label: t("error"),
      sort: "error_code",
      cell: (row) => (
        <span className="block max-w-md py-1.5 whitespace-normal">
          <span className="font-medium">{row.error_code}</span>
          {[row.vendor_error_code, row.info].filter(Boolean).map((detail) => (
            <span key={detail} className="block text-[0.8125rem] break-words text-muted">
              {detail}
            </span>
          ))}
        </span>
      ),
    },
    {
      id: "state",
      label: t("state"),
      cell: (row) =>
        row.resolved_at === null ? (
          <Badge tone="bad">{t("open")}</Badge>
        ) : row.is_history ? (
          <Badge tone="idle">{t("history")}</Badge>
        ) : (
          <Badge tone="good">{t("resolved")}</Badge>
        ),
    },
    {
      id: "connector",
      label: t("connector"),
      isMinor: true,
      cell: (row) => (row.connector_id === 0 ? t("whole") : row.connector_id),
    },
    { id: "opened", label: t("opened"), sort: "opened_at", cell: (row) => format.time(row.opened_at) },
    {
      id: "resolvedAt",
      label: t("resolvedAt"),
      sort: "resolved_at",
      isMinor: true,
      cell: (row) => (row.resolved_at === null ? "–" : `${format.time(row.resolved_at)} · ${row.resolution ?? ""}`),
    },
  ];
  return (
    <>
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="open"
          label={t("state")}
          options={[
            { value: "true", label: t("open") },
            { value: "false", label: t("resolved") },
          ]}
        />
      </FilterBar>
      <DataTable
        label={t("title")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id}
        url={url}
        onUrl={setUrl}
        defaultSort="-opened_at"
        empty={<EmptyState icon={<CircleCheck aria-hidden />} title={t("empty")} hint={t("emptyHint")} />}
      />
    </>
  );
}
