"use client";

import { useQuery } from "@tanstack/react-query";
import { Archive, Pencil, QrCode as QrIcon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog } from "@/components/ui/dialog";
import { PageHeader } from "@/components/ui/page-header";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { Tabs } from "@/components/ui/tabs";
import { CHARGER_TABS } from "@/features/chargers/charger-tabs";
import { EditChargerSheet } from "@/features/chargers/edit-charger-sheet";
import { QrLabel } from "@/features/chargers/qr-label";
import { chargerQuery, useArchiveCharger } from "@/features/chargers/queries";
import { ConnectionBadge } from "@/features/chargers/status";
import { useRouteNumber } from "@/lib/route-id";
import { useUrlState } from "@/lib/url-state";

export function ChargerPage() {
  const id = useRouteNumber();
  const charger = useQuery(chargerQuery(id));
  if (charger.isError && !charger.data) {
    return <ErrorState error={charger.error} onRetry={() => void charger.refetch()} />;
  }
  if (!charger.data) return <ChargerSkeleton />;
  return <LoadedCharger charger={charger.data} />;
}

function ChargerSkeleton() {
  return (
    <div aria-busy>
      <Skeleton className="mb-2 h-7 w-64" />
      <Skeleton className="mb-6 w-80" />
      <Skeleton className="mb-4 h-9 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}

function LoadedCharger({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("chargers");
  const words = useTranslations();
  const first = CHARGER_TABS[0].value;
  const [url, setUrl] = useUrlState();
  const tab = (value: string) =>
    setUrl(Object.fromEntries([...Object.keys(url).map((key) => [key, ""]), ["tab", value]]));
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            {charger.name}
            <ConnectionBadge isOnline={charger.is_connected} />
            {charger.is_archived ? <Badge tone="warn">{t("archived")}</Badge> : null}
          </span>
        }
        description={
          <span>
            <code className="font-mono">{charger.charge_point_id}</code> ·{" "}
            <Link href={`/stations?station=${charger.station_id}`} className="underline-offset-2 hover:underline">
              {charger.station_name}
            </Link>
          </span>
        }
        actions={<ChargerActions charger={charger} />}
      />
      <Tabs
        label={t("tabs")}
        value={url.tab ?? first}
        onChange={(value) => tab(value === first ? "" : value)}
        tabs={CHARGER_TABS.map(({ value, title, Content }) => ({
          value,
          label: words(title),
          content: <Content charger={charger} />,
        }))}
      />
    </>
  );
}

function ChargerActions({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("chargers");
  const router = useRouter();
  const [open, setOpen] = useState<"edit" | "label" | "archive" | null>(null);
  const archive = useArchiveCharger(charger.id);
  const close = () => setOpen(null);
  return (
    <>
      <Button onClick={() => setOpen("label")}>
        <QrIcon aria-hidden />
        {t("label")}
      </Button>
      {charger.is_archived ? null : (
        <>
          <Button onClick={() => setOpen("edit")}>
            <Pencil aria-hidden />
            {t("edit")}
          </Button>
          <Button onClick={() => setOpen("archive")}>
            <Archive aria-hidden />
            {t("archive")}
          </Button>
        </>
      )}
      <Dialog isOpen={open === "label"} onClose={close} title={t("label")} description={t("labelHint")}>
        <QrLabel chargePointId={charger.charge_point_id} name={charger.name} />
      </Dialog>
      <EditChargerSheet key={charger.updated_at} charger={charger} isOpen={open === "edit"} onClose={close} />
      <ConfirmDialog
        isOpen={open === "archive"}
        onClose={close}
        title={t("archiveTitle")}
        text={t("archiveText")}
        action={t("archive")}
        isBusy={archive.isPending}
        error={archive.error}
        onConfirm={() => archive.mutate(undefined, { onSuccess: () => router.push("/chargers") })}
      />
    </>
  );
}
