"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslations } from "use-intl";

import type { DeskItem } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { type Column, DataTable } from "@/components/ui/data-table";
import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { JsonView } from "@/components/ui/json-view";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState } from "@/components/ui/states";
import { Tabs } from "@/components/ui/tabs";
import { DeskActions } from "@/features/desk/desk-actions";
import { PendingSessions } from "@/features/desk/pending-sessions";
import { deskQuery } from "@/features/desk/queries";
import { useFormat } from "@/lib/format/use-format";
import { listParams, oneOf } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

const SOURCES = ["case", "bill", "quarantine", "job"] as const;

const TABS = ["waits", "pending"] as const;

/** What waits for a person, and the sessions that settle themselves when evidence comes. */
export function DeskPage() {
  const t = useTranslations("desk");
  const names = useTranslations("pending");
  const [url, setUrl] = useUrlState();
  const open = (value: string) =>
    setUrl({ ...Object.fromEntries(Object.keys(url).map((key) => [key, ""])), tab: value === TABS[0] ? "" : value });
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <Tabs
        label={t("title")}
        value={oneOf(url.tab, TABS) ?? TABS[0]}
        onChange={open}
        tabs={[
          { value: "waits", label: names("tabWaits"), content: <Matters /> },
          { value: "pending", label: names("tabPending"), content: <PendingSessions /> },
        ]}
      />
    </>
  );
}

function Matters() {
  const t = useTranslations("desk");
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const query = useQuery({
    ...deskQuery({ ...listParams(url), source: oneOf(url.source, SOURCES) }),
    placeholderData: keepPreviousData,
  });
  const columns: Column<DeskItem>[] = [
    {
      id: "summary",
      label: t("summary"),
      cell: (row) => (
        <details className="max-w-2xl py-2 whitespace-normal">
          <summary className="cursor-pointer font-medium">{row.summary}</summary>
          <p className="mt-1 text-[0.8125rem] text-muted">{row.kind}</p>
          {row.evidence ? <JsonView value={row.evidence} className="mt-2" /> : null}
        </details>
      ),
    },
    { id: "source", label: t("source"), cell: (row) => <Badge tone="warn">{t(`sources.${row.source}`)}</Badge> },
    { id: "charger", label: t("charger"), isMinor: true, cell: (row) => row.charge_point_id ?? "–" },
    { id: "at", label: t("since"), sort: "at", isMinor: true, cell: (row) => format.time(row.at) },
    { id: "actions", label: t("decide"), cell: (row) => <DeskActions item={row} /> },
  ];
  return (
    <>
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="source"
          label={t("source")}
          options={SOURCES.map((value) => ({ value, label: t(`sources.${value}`) }))}
        />
      </FilterBar>
      <DataTable
        label={t("title")}
        columns={columns}
        query={query}
        rowKey={(row) => `${row.source} ${row.id}`}
        url={url}
        onUrl={setUrl}
        defaultSort="-at"
        empty={<EmptyState icon={<CircleCheck aria-hidden />} title={t("empty")} hint={t("emptyHint")} />}
      />
    </>
  );
}
