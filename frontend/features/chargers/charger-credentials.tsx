"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, LoaderCircle, Printer } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { components } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { HandshakeAttempts } from "@/features/chargers/handshake-attempts";
import { QrLabel } from "@/features/chargers/qr-label";
import { chargerQuery } from "@/features/chargers/queries";
import { cx } from "@/lib/classes";

const WATCH_MS = 2_000;

/** Address, user and key of a new charger, and whether it has arrived. */
export function ChargerCredentials({ made }: { made: components["schemas"]["MadeCharger"] }) {
  const t = useTranslations("chargers");
  const ui = useTranslations("ui");
  const words = useTranslations("handshakes");
  const watched = useQuery({ ...chargerQuery(made.charger.id), refetchInterval: WATCH_MS });
  const isOnline = watched.data?.is_connected ?? false;
  const hasBooted = isOnline && (watched.data?.booted_at ?? null) !== null;
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
        <p
          role="status"
          className={cx("flex items-center gap-2.5 rounded-lg bg-sunken px-3 py-3", hasBooted && "bg-good-soft text-good")}
        >
          {hasBooted ? (
            <CircleCheck className="size-5" aria-hidden />
          ) : (
            <LoaderCircle className="size-5 animate-spin text-muted" aria-hidden />
          )}
          <span>
            <span className="block font-medium">
              {hasBooted ? t("bootedNow") : isOnline ? t("connectedNow") : t("waitingTitle")}
            </span>
            {hasBooted ? null : <span className="text-muted">{isOnline ? t("bootAwaited") : t("waitingHint")}</span>}
          </span>
        </p>
        <section aria-labelledby="attempts">
          <h3 id="attempts" className="mb-2 font-semibold">
            {words("title")}
          </h3>
          <HandshakeAttempts chargerId={made.charger.id} />
        </section>
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
