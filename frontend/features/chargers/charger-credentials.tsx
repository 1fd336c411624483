"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, LoaderCircle, Printer } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { components } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { QrLabel } from "@/features/chargers/qr-label";
import { chargerQuery } from "@/features/chargers/queries";

const WATCH_MS = 2_000;

/** Address, user and key of a new charger, and whether it has arrived. */
export function ChargerCredentials({ made }: { made: components["schemas"]["MadeCharger"] }) {
  const t = useTranslations("chargers");
  const ui = useTranslations("ui");
  const watched = useQuery({ ...chargerQuery(made.charger.id), refetchInterval: WATCH_MS });
  const isOnline = watched.data?.is_connected ?? false;
  return (
    <div className="flex flex-col gap-4">
      <div className="no-print flex flex-col gap-4">
        <CopyText label={t("url")} text={made.ocpp_url} />
        {made.password ? (
          <>
            <CopyText label={t("user")} text={made.charger.charge_point_id} />
            <CopyText label={t("password")} text={made.password} />
            <p className="rounded-lg bg-warn-soft px-3 py-2 text-warn">{t("createdHint")}</p>
          </>
        ) : null}
        <p role="status" className="flex items-center gap-2.5 rounded-lg bg-sunken px-3 py-3">
          {isOnline ? (
            <CircleCheck className="size-5 text-good" aria-hidden />
          ) : (
            <LoaderCircle className="size-5 animate-spin text-muted" aria-hidden />
          )}
          <span>
            <span className="block font-medium">{isOnline ? t("connectedNow") : t("waitingTitle")}</span>
            {isOnline ? null : <span className="text-muted">{t("waitingHint")}</span>}
          </span>
        </p>
      </div>
      <QrLabel chargePointId={made.charger.charge_point_id} name={made.charger.name} />
      <div className="no-print flex flex-wrap justify-end gap-2">
        <Button onClick={() => window.print()}>
          <Printer aria-hidden />
          {ui("print")}
        </Button>
        <Button asChild look="primary">
          <Link href={`/chargers/${made.charger.id}`}>{t("openCharger")}</Link>
        </Button>
      </div>
    </div>
  );
}
