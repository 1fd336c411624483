"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyState, ErrorLine } from "@/components/ui/states";
import { type Reservation, reservationsQuery, useCancelReservation } from "@/features/reservations/queries";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import type { UrlState } from "@/lib/url-state";

const TONES: Record<Reservation["status"], Tone> = {
  ASKED: "accent",
  ACCEPTED: "good",
  REJECTED: "bad",
  FAULTED: "bad",
  OCCUPIED: "warn",
  UNAVAILABLE: "warn",
  USED: "violet",
  CANCELLED: "idle",
  EXPIRED: "idle",
};

interface TableProps {
  url: UrlState;
  onUrl: (changes: Record<string, string>) => void;
  chargerId?: number;
}

export function ReservationsTable({ url, onUrl, chargerId }: TableProps) {
  const t = useTranslations("reservations");
  const format = useFormat();
  const cancel = useCancelReservation();
  const query = useQuery({
    ...reservationsQuery({ ...listParams(url), charger_id: chargerId }),
    placeholderData: keepPreviousData,
  });
  const columns: Column<Reservation>[] = [
    {
      id: "charger",
      label: t("charger"),
      cell: (row) => (
        <Link href={`/chargers/${row.charger_id}`} className="font-medium hover:underline">
          {row.charge_point_id} · {row.connector_id === 0 ? t("anyConnector") : row.connector_id}
        </Link>
      ),
    },
    { id: "tag", label: t("idTag"), cell: (row) => <code className="font-mono text-[0.8125rem]">{row.id_tag}</code> },
    { id: "status", label: t("state"), cell: (row) => <Badge tone={TONES[row.status]}>{t(`status.${row.status}`)}</Badge> },
    { id: "expires", label: t("expires"), sort: "expires_at", isMinor: true, cell: (row) => format.time(row.expires_at) },
    { id: "parent", label: t("parent"), isMinor: true, cell: (row) => row.parent_id_tag ?? "–" },
    {
      id: "actions",
      label: "",
      cell: (row) =>
        row.status === "ACCEPTED" || row.status === "ASKED" ? (
          <Button size="small" isBusy={cancel.isPending && cancel.variables?.id === row.id} onClick={() => cancel.mutate(row)}>
            {t("cancel")}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <ErrorLine error={cancel.error} />
      <DataTable
        label={t("title")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id}
        url={url}
        onUrl={onUrl}
        empty={<EmptyState icon={<CalendarClock aria-hidden />} title={t("empty")} hint={t("emptyHint")} />}
      />
    </>
  );
}
