"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useTranslations } from "use-intl";

import type { AuditEntry } from "@/api/types";
import { type Column, DataTable } from "@/components/ui/data-table";
import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { JsonView } from "@/components/ui/json-view";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState } from "@/components/ui/states";
import { auditQuery } from "@/features/audit/queries";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

const KINDS = ["charger", "station", "user", "id_tag", "tariff", "transaction", "organization"] as const;

export function AuditPage() {
  const t = useTranslations("audit");
  const kinds = useTranslations("search.kinds");
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const query = useQuery({
    ...auditQuery({ ...listParams(url), target_kind: url.kind || undefined }),
    placeholderData: keepPreviousData,
  });
  const columns: Column<AuditEntry>[] = [
    { id: "at", label: t("at"), sort: "at", cell: (row) => format.time(row.at) },
    { id: "actor", label: t("actor"), cell: (row) => row.actor_name ?? row.actor },
    {
      id: "action",
      label: t("action"),
      sort: "action",
      cell: (row) => (
        <details className="py-2 whitespace-normal">
          <summary className="cursor-pointer">
            <code className="font-mono text-[0.8125rem]">{row.action}</code>
          </summary>
          <div className="mt-2 grid min-w-64 gap-3 lg:grid-cols-2">
            <Side title={t("before")} value={row.before} />
            <Side title={t("after")} value={row.after} />
          </div>
        </details>
      ),
    },
    {
      id: "target",
      label: t("target"),
      isMinor: true,
      cell: (row) => `${row.target_kind} ${row.target_id}`,
    },
    { id: "address", label: t("address"), isMinor: true, cell: (row) => row.remote_address ?? "–" },
  ];
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="kind"
          label={t("target")}
          options={KINDS.map((value) => ({ value, label: value === "tariff" || value === "organization" ? t(value) : kinds(value) }))}
        />
      </FilterBar>
      <DataTable
        label={t("title")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id}
        url={url}
        onUrl={setUrl}
        defaultSort="-id"
        empty={<EmptyState icon={<History aria-hidden />} title={t("empty")} hint={t("emptyHint")} />}
      />
    </>
  );
}

function Side({ title, value }: { title: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <div className="min-w-0">
      <p className="mb-1 text-[0.8125rem] text-muted">{title}</p>
      <JsonView value={value} />
    </div>
  );
}
