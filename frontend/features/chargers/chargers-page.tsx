"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Columns3, Plus, PlugZap } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { Charger } from "@/api/types";
import { Button } from "@/components/ui/button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { Menu, MenuCheck } from "@/components/ui/menu";
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
import { StationFilter } from "@/features/stations/station-picker";
import { useNow } from "@/lib/clock";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

/** Columns that can be chosen, and those that are shown before anybody chose. */
const CHOICES = ["charge_point_id", "station", "model", "vendor", "serial", "firmware", "last_seen"] as const;
const SHOWN_FIRST = "charge_point_id,station,model,last_seen";

function useColumns(): Column<Charger>[] {
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
  return columns;
}

export function ChargersPage() {
  const t = useTranslations("chargers");
  const tStatus = useTranslations("status.charger");
  const statusName = useStatusName();
  const [url, setUrl] = useUrlState();
  const shown = new Set((url.columns ?? SHOWN_FIRST).split(","));
  const all = useColumns();
  const columns = all.filter((column) => !CHOICES.some((id) => id === column.id) || shown.has(column.id));
  const show = (id: string, isShown: boolean) => {
    const next = CHOICES.filter((choice) => (choice === id ? isShown : shown.has(choice))).join(",");
    setUrl({ columns: next === SHOWN_FIRST ? "" : next || "none", page: url.page ?? "" });
  };
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
    <Button look="primary" onClick={() => setUrl({ do: "create" })}>
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
        <StationFilter url={url} onUrl={setUrl} />
        <Menu
          trigger={
            <Button>
              <Columns3 aria-hidden />
              {t("columns")}
            </Button>
          }
        >
          {all
            .filter((column) => CHOICES.some((id) => id === column.id))
            .map((column) => (
              <MenuCheck
                key={column.id}
                label={column.label}
                isChecked={shown.has(column.id)}
                onChange={(isShown) => show(column.id, isShown)}
              />
            ))}
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
      <CreateChargerSheet isOpen={url.do === "create"} onClose={() => setUrl({ do: "" })} />
    </>
  );
}
