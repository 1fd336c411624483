"use client";

import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import { ApiError } from "@/api/client";
import type { ScannedCharger } from "@/api/types";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { CreditNote } from "@/features/charge/credit-note";
import { RunningBanner } from "@/features/charge/running-banner";
import { StartForm } from "@/features/charge/start-form";
import { ChargerLinks } from "@/features/find/charger-links";
import { PriceLine } from "@/features/find/price-line";
import { scannedChargerQuery } from "@/features/find/queries";
import { useProfile } from "@/features/session/queries";
import { useRouteId } from "@/lib/route-id";

const WATCH_MS = 4_000;

/** What the QR code on a charger leads to: the price, then the start. */
export function ChargePage() {
  const t = useTranslations("charge");
  const id = useRouteId();
  const charger = useQuery({ ...scannedChargerQuery(id), refetchInterval: WATCH_MS });
  const isUnknown = charger.error instanceof ApiError && charger.error.status === 404;
  if (isUnknown) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title={t("unknown", { code: id })}
        hint={t("unknownHint")}
        action={
          <Button asChild look="primary" size="large">
            <Link href="/find">{t("find")}</Link>
          </Button>
        }
      />
    );
  }
  if (charger.isError && !charger.data) {
    return <ErrorState error={charger.error} onRetry={() => void charger.refetch()} />;
  }
  return (
    <div className="mx-auto max-w-md">
      <RunningBanner />
      {charger.data ? (
        <Loaded charger={charger.data} />
      ) : (
        <div aria-busy className="flex flex-col gap-4">
          <Skeleton className="h-12 w-3/4" />
          <Skeleton className="h-24 w-full" />
          <Skeleton className="h-40 w-full" />
        </div>
      )}
    </div>
  );
}

function Loaded({ charger }: { charger: ScannedCharger }) {
  const t = useTranslations("charge");
  const words = useTranslations("driver.charge");
  const profile = useProfile();
  const others = charger.station.chargers.filter(
    (other) => other.charge_point_id !== charger.charge_point_id,
  );
  return (
    <>
      <header className="mb-4 flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold tracking-tight">{charger.name}</h1>
          <p className="text-muted">
            {charger.station.name}, {charger.station.address}
          </p>
        </div>
        <code className="rounded-md bg-idle-soft px-2 py-1 font-mono">{charger.charge_point_id}</code>
      </header>
      <section className="card mb-4 p-4">
        <h2 className="mb-1 text-muted">{t("price")}</h2>
        <PriceLine price={charger.price} />
        {charger.price ? <p className="mt-2 text-[0.8125rem] text-muted">{t("priceFixed")}</p> : null}
      </section>
      {charger.is_connected ? null : (
        <p role="status" className="mb-4 rounded-lg bg-warn-soft px-4 py-3 text-warn">
          {t("offline")}
        </p>
      )}
      {profile.isPending ? <Skeleton className="h-64 w-full" /> : <StartForm charger={charger} />}
      <div className="mt-6">
        {profile.isPending ? null : <CreditNote credit={charger.credit} user={profile.data ?? null} />}
      </div>
      {others.length > 0 ? (
        <section className="card p-4">
          <h2 className="mb-1 font-semibold">{words("others")}</h2>
          <ChargerLinks chargers={others} />
        </section>
      ) : null}
    </>
  );
}
