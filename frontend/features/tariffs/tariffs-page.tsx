"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus, Tags } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { Tariff } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState } from "@/components/ui/states";
import { tariffsQuery } from "@/features/tariffs/queries";
import { TariffSheet } from "@/features/tariffs/tariff-sheet";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

type Editing = { tariff: Tariff | null } | null;

export function TariffsPage() {
  const t = useTranslations("tariffs");
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const [chosen, setEditing] = useState<Editing>(null);
  const editing = url.do === "create" ? { tariff: null } : chosen;
  const query = useQuery({ ...tariffsQuery(listParams(url)), placeholderData: keepPreviousData });
  const price = (row: Tariff, amount: string | null) =>
    amount === null ? "–" : format.price(amount, row.currency);
  const close = () => {
    setEditing(null);
    if (url.do) setUrl({ do: "" });
  };
  const columns: Column<Tariff>[] = [
    {
      id: "name",
      label: t("name"),
      sort: "name",
      cell: (row) => (
        <span className="flex items-center gap-2">
          <button type="button" className="font-medium hover:underline" onClick={() => setEditing({ tariff: row })}>
            {row.name}
          </button>
          {row.is_default ? <Badge tone="accent">{t("default")}</Badge> : null}
        </span>
      ),
    },
    { id: "kwh", label: t("perKwh"), sort: "price_per_kwh", isNumber: true, cell: (row) => price(row, row.price_per_kwh) },
    { id: "minute", label: t("perMinute"), isNumber: true, isMinor: true, cell: (row) => price(row, row.price_per_minute) },
    { id: "session", label: t("perSession"), isNumber: true, isMinor: true, cell: (row) => price(row, row.price_per_session) },
    { id: "idle", label: t("perIdleMinute"), isNumber: true, isMinor: true, cell: (row) => price(row, row.idle_price_per_minute) },
    {
      id: "tax",
      label: t("tax"),
      isNumber: true,
      isMinor: true,
      cell: (row) => (row.tax_percent === null ? "–" : `${format.number(Number(row.tax_percent), 2)} %`),
    },
  ];
  const add = (
    <Button look="primary" onClick={() => setEditing({ tariff: null })}>
      <Plus aria-hidden />
      {t("create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={add} />
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
      </FilterBar>
      <DataTable
        label={t("title")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id}
        url={url}
        onUrl={setUrl}
        defaultSort="name"
        empty={<EmptyState icon={<Tags aria-hidden />} title={t("empty")} hint={t("emptyHint")} action={add} />}
      />
      {editing ? <TariffSheet tariff={editing.tariff} onClose={close} /> : null}
    </>
  );
}
