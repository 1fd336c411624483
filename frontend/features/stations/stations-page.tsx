"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { MapPin, Plus } from "lucide-react";
import { useTranslations } from "use-intl";

import type { Station } from "@/api/types";
import { StationMap } from "@/components/map/station-map";
import { Button } from "@/components/ui/button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState } from "@/components/ui/states";
import { stationPin } from "@/features/stations/pin";
import { stationsQuery } from "@/features/stations/queries";
import { StationSheet } from "@/features/stations/station-sheet";
import { StationEditor } from "@/features/stations/station-editor";
import { listParams } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

export function StationsPage() {
  const t = useTranslations("stations");
  const [url, setUrl] = useUrlState();
  const query = useQuery({ ...stationsQuery(listParams(url)), placeholderData: keepPreviousData });
  const onMap = useQuery(stationsQuery({ limit: 100 }));
  const show = (id: number | string) => setUrl({ station: String(id), page: url.page ?? "" });
  const columns: Column<Station>[] = [
    {
      id: "name",
      label: t("name"),
      sort: "name",
      cell: (row) => (
        <button type="button" className="text-left font-medium hover:underline" onClick={() => show(row.id)}>
          {row.name}
        </button>
      ),
    },
    { id: "address", label: t("address"), isMinor: true, cell: (row) => row.address || "–" },
    {
      id: "online",
      label: t("online"),
      isNumber: true,
      cell: (row) => `${row.connected_count} / ${row.charger_count}`,
    },
    {
      id: "free",
      label: t("free"),
      isNumber: true,
      cell: (row) => row.connector_statuses.Available ?? 0,
    },
    { id: "zone", label: t("zone"), isMinor: true, cell: (row) => row.time_zone },
  ];
  const add = (
    <Button look="primary" onClick={() => setUrl({ do: "create" })}>
      <Plus aria-hidden />
      {t("create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={add} />
      <section className="card mb-4 h-72 overflow-hidden" aria-label={t("map")}>
        <StationMap
          label={t("map")}
          pins={(onMap.data?.data ?? []).map(stationPin)}
          selected={Number(url.station) || undefined}
          onSelect={show}
        />
      </section>
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
        empty={<EmptyState icon={<MapPin aria-hidden />} title={t("empty")} hint={t("emptyHint")} action={add} />}
      />
      <StationEditor station={null} isOpen={url.do === "create"} onClose={() => setUrl({ do: "" })} />
      <StationSheet id={Number(url.station) || 0} onClose={() => setUrl({ station: "", page: url.page ?? "" })} />
    </>
  );
}
