"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import { ApiError } from "@/api/client";
import type { TransactionDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Stat } from "@/components/ui/stat";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { EnergyMeasured } from "@/features/my-sessions/energy-measured";
import { LiveSession } from "@/features/my-sessions/live-session";
import { mySessionQuery } from "@/features/my-sessions/queries";
import { ReceiptView } from "@/features/my-sessions/receipt-view";
import { useFormat } from "@/lib/format/use-format";
import { useRouteNumber } from "@/lib/route-id";

const WATCH_MS = 3_000;

/** One's own session: live while it runs, with the receipt afterwards. */
export function SessionPage() {
  const t = useTranslations("driver.sessions");
  const id = useRouteNumber();
  const session = useQuery({
    ...mySessionQuery(id),
    enabled: id > 0,
    refetchInterval: ({ state }) => (isSettled(state.data) ? false : WATCH_MS),
  });
  const isMissing = id === 0 || (session.error instanceof ApiError && session.error.status === 404);
  if (isMissing) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title={t("missing")}
        hint={t("missingHint")}
        action={
          <Button asChild look="primary" size="large">
            <Link href="/sessions">{t("all")}</Link>
          </Button>
        }
      />
    );
  }
  if (session.isError && !session.data) {
    return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
  }
  if (!session.data) return <Skeleton className="mx-auto h-96 w-full max-w-md" />;
  return (
    <div className="mx-auto max-w-md">
      {session.data.status === "ENDED" ? (
        <>
          <Link
            href="/sessions"
            className="no-print mb-3 inline-flex h-11 items-center gap-1 font-medium text-accent hover:underline"
          >
            <ChevronLeft className="size-4" aria-hidden />
            {t("all")}
          </Link>
          {session.data.billing_status === "BILLED" ? (
            <ReceiptView session={session.data} />
          ) : (
            <EndedSession session={session.data} />
          )}
        </>
      ) : (
        <LiveSession session={session.data} isStale={session.isError} />
      )}
    </div>
  );
}

function isSettled(session: TransactionDetail | undefined): boolean {
  return session?.status === "ENDED" && session.billing_status !== "PENDING";
}

const BILL_TEXTS = {
  PENDING: "billFollows",
  FAILED: "billFailed",
  NOT_BILLABLE: "notBilled",
} as const;

function EndedSession({ session }: { session: TransactionDetail }) {
  const t = useTranslations("charge");
  const mine = useTranslations("driver.sessions");
  const words = useTranslations("transactions");
  const format = useFormat();
  const end = session.stopped_at ?? session.started_at;
  const durationS = (new Date(end).getTime() - new Date(session.started_at).getTime()) / 1000;
  const status = session.billing_status;
  const at = (moment: string) =>
    `${format.time(moment, "moment", session.time_zone)} (${format.zone(moment, session.time_zone)})`;
  return (
    <>
      <header className="mb-4">
        <h1 className="text-xl font-semibold tracking-tight">{t("ended")}</h1>
        <p className="text-muted">{session.station_name}</p>
        <p className="text-muted">{at(end)}</p>
      </header>
      {status === "BILLED" ? null : (
        <p role="status" className="mb-4 rounded-lg bg-accent-soft px-4 py-3 text-accent">
          {mine(BILL_TEXTS[status])}
        </p>
      )}
      <div className="mb-4 grid grid-cols-2 gap-3">
        <Stat label={words("energy")} value={session.energy_wh === null ? "–" : format.energy(session.energy_wh)} />
        <Stat label={words("duration")} value={format.duration(durationS)} />
      </div>
      <section className="card px-4 pb-4">
        <EnergyMeasured session={session} />
      </section>
    </>
  );
}
