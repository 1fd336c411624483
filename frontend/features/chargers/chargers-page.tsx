"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Columns3, Plus, PlugZap } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { Charger } from "@/api/types";
import { Button } from "@/components/ui/button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { Menu, MenuChoice } from "@/components/ui/menu";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState } from "@/components/ui/states";
import { CreateChargerSheet } from "@/features/chargers/create-charger-sheet";
import { chargersQuery } from "@/features/chargers/queries";
import {
  CONNECTOR_STATUSES,
  ConnectionBadge,
  ConnectorMarks,
  useStatusName,
} from "@/features/chargers/status";
import { useStationOptions } from "@/features/stations/options";
import { useNow } from "@/lib/clock";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

const OPTIONAL = ["vendor", "serial", "firmware"] as const;

function useColumns(extra: string): Column<Charger>[] {
  const t = useTranslations("chargers");
  const format = useFormat();
  const now = useNow();
  const columns: Column<Charger>[] = [
    {
      id: "name",
      label: t("name"),
      sort: "name",
      cell: (row) => (
        <Link href={`/chargers/${row.id}`} className="font-medium hover:underline">
          {row.name}
        </Link>
      ),
    },
    {
      id: "charge_point_id",
      label: t("chargePointId"),
      sort: "charge_point_id",
      isMinor: true,
      cell: (row) => <code className="font-mono text-[0.8125rem]">{row.charge_point_id}</code>,
    },
    {
      id: "connection",
      label: t("connection"),
      cell: (row) => <ConnectionBadge isOnline={row.is_connected} />,
    },
    {
      id: "connectors",
      label: t("connectors"),
      cell: (row) => <ConnectorMarks connectors={row.connectors} isOnline={row.is_connected} />,
    },
    { id: "station", label: t("station"), sort: "station", isMinor: true, cell: (row) => row.station_name },
    { id: "model", label: t("model"), sort: "model", isMinor: true, cell: (row) => row.model ?? "–" },
    { id: "vendor", label: t("vendor"), sort: "vendor", isMinor: true, cell: (row) => row.vendor ?? "–" },
    { id: "serial", label: t("serial"), isMinor: true, cell: (row) => row.serial_number ?? "–" },
    { id: "firmware", label: t("firmware"), isMinor: true, cell: (row) => row.firmware_version ?? "–" },
    {
      id: "last_seen",
      label: t("lastSeen"),
      sort: "last_seen",
      isMinor: true,
      cell: (row) => (row.last_seen ? format.ago(row.last_seen, now) : t("never")),
    },
  ];
  return columns.filter(
    (column) => !OPTIONAL.some((id) => id === column.id) || extra === column.id,
  );
}

export function ChargersPage() {
  const t = useTranslations("chargers");
  const tStatus = useTranslations("status.charger");
  const ui = useTranslations("ui");
  const statusName = useStatusName();
  const [url, setUrl] = useUrlState();
  const [isCreating, setIsCreating] = useState(false);
  const stations = useStationOptions();
  const columns = useColumns(url.column ?? "");
  const query = useQuery({
    ...chargersQuery({
      ...listParams(url),
      status: url.status || undefined,
      station_id: Number(url.station) || undefined,
      connected: url.connected ? url.connected === "true" : undefined,
    }),
    placeholderData: keepPreviousData,
  });
  const add = (
    <Button look="primary" onClick={() => setIsCreating(true)}>
      <Plus aria-hidden />
      {t("create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={add} />
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="connected"
          label={t("connection")}
          options={[
            { value: "true", label: tStatus("online") },
            { value: "false", label: tStatus("offline") },
          ]}
        />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="status"
          label={t("status")}
          options={CONNECTOR_STATUSES.map((value) => ({ value, label: statusName(value) }))}
        />
        <ChoiceFilter url={url} onUrl={setUrl} name="station" label={t("station")} options={stations} />
        <Menu
          trigger={
            <Button>
              <Columns3 aria-hidden />
              {t("columns")}
            </Button>
          }
        >
          <MenuChoice
            label={t("columns")}
            value={url.column ?? ""}
            options={[
              { value: "", label: ui("none") },
              ...OPTIONAL.map((value) => ({ value: value as string, label: t(value) })),
            ]}
            onChoose={(column) => setUrl({ column, page: url.page ?? "" })}
          />
        </Menu>
      </FilterBar>
      <DataTable
        label={t("title")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id}
        rowHref={(row) => `/chargers/${row.id}`}
        url={url}
        onUrl={setUrl}
        defaultSort="name"
        empty={<EmptyState icon={<PlugZap aria-hidden />} title={t("empty")} hint={t("emptyHint")} action={add} />}
      />
      <CreateChargerSheet isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </>
  );
}
