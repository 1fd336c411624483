"use client";

import { useQuery } from "@tanstack/react-query";
import { Archive, Pencil } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { Station } from "@/api/types";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog } from "@/components/ui/dialog";
import { Facts } from "@/components/ui/facts";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { chargersQuery } from "@/features/chargers/queries";
import { ConnectionBadge, ConnectorMarks } from "@/features/chargers/status";
import { stationQuery, useArchiveStation } from "@/features/stations/queries";
import { StationEditor } from "@/features/stations/station-editor";
import { useFormat } from "@/lib/format/use-format";

/** One station with its chargers, beside the list. */
export function StationSheet({ id, onClose }: { id: number; onClose: () => void }) {
  const t = useTranslations("stations");
  const station = useQuery(stationQuery(id));
  return (
    <Dialog isOpen={id > 0} onClose={onClose} shape="sheet" title={station.data?.name ?? t("one")}>
      {station.isError && !station.data ? (
        <ErrorState error={station.error} onRetry={() => void station.refetch()} />
      ) : station.data ? (
        <StationDetail station={station.data} onGone={onClose} />
      ) : (
        <Skeleton className="h-40 w-full" />
      )}
    </Dialog>
  );
}

function StationDetail({ station, onGone }: { station: Station; onGone: () => void }) {
  const t = useTranslations("stations");
  const chargers = useQuery(chargersQuery({ station_id: station.id, limit: 100, sort: "name" }));
  const format = useFormat();
  const [open, setOpen] = useState<"edit" | "archive" | null>(null);
  const archive = useArchiveStation(station.id);
  return (
    <>
      <Facts
        facts={[
          [t("address"), station.address],
          [t("place"), `${format.number(station.latitude, 5)}, ${format.number(station.longitude, 5)}`],
          [t("zone"), station.time_zone],
        ]}
      />
      <div className="my-4 flex gap-2">
        <Button onClick={() => setOpen("edit")}>
          <Pencil aria-hidden />
          {t("edit")}
        </Button>
        {station.is_archived ? null : (
          <Button onClick={() => setOpen("archive")}>
            <Archive aria-hidden />
            {t("archive")}
          </Button>
        )}
      </div>
      <h3 className="mb-2 font-semibold">{t("chargers")}</h3>
      {chargers.isError && !chargers.data ? (
        <ErrorState error={chargers.error} onRetry={() => void chargers.refetch()} />
      ) : chargers.data?.total === 0 ? (
        <p className="text-muted">{t("noChargers")}</p>
      ) : (
        <ul className="divide-y divide-line">
          {(chargers.data?.data ?? []).map((charger) => (
            <li key={charger.id} className="flex flex-wrap items-center justify-between gap-2 py-2.5">
              <Link href={`/chargers/${charger.id}`} className="min-w-0 font-medium hover:underline">
                {charger.name}
                <code className="ml-2 font-mono text-[0.8125rem] font-normal text-muted">
                  {charger.charge_point_id}
                </code>
              </Link>
              <span className="flex items-center gap-2">
                <ConnectorMarks connectors={charger.connectors} isOnline={charger.is_connected} />
                <ConnectionBadge isOnline={charger.is_connected} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <StationEditor
        key={station.updated_at}
        station={station}
        isOpen={open === "edit"}
        onClose={() => setOpen(null)}
      />
      <ConfirmDialog
        isOpen={open === "archive"}
        onClose={() => setOpen(null)}
        title={t("archiveTitle")}
        text={t("archiveText")}
        action={t("archive")}
        isBusy={archive.isPending}
        error={archive.error}
        onConfirm={() => archive.mutate(undefined, { onSuccess: onGone })}
      />
    </>
  );
}
