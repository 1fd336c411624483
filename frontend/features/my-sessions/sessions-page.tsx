"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { BatteryCharging, ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { Transaction } from "@/api/types";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { mySessionsQuery } from "@/features/my-sessions/queries";
import { SessionState } from "@/features/my-sessions/session-state";
import { useFormat } from "@/lib/format/use-format";
import { useUrlState } from "@/lib/url-state";

export function SessionsPage() {
  const t = useTranslations("charge");
  const mine = useTranslations("driver.sessions");
  const ui = useTranslations("ui");
  const [url, setUrl] = useUrlState();
  const page = Number(url.page) || 1;
  const sessions = useQuery({
    ...mySessionsQuery({ page, limit: 20, sort: "-started_at" }),
    placeholderData: keepPreviousData,
  });
  const last = Math.ceil((sessions.data?.total ?? 0) / 20);
  return (
    <>
      <header className="mb-4">
        <h1 className="text-xl font-semibold tracking-tight">{t("mySessions")}</h1>
        <p className="text-muted">{mine("zone")}</p>
      </header>
      {sessions.isError && !sessions.data ? (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : !sessions.data ? (
        <Skeleton className="h-96 w-full" />
      ) : sessions.data.total === 0 ? (
        <EmptyState
          icon={<BatteryCharging aria-hidden />}
          title={t("noSessions")}
          hint={t("noSessionsHint")}
          action={
            <Button asChild look="primary">
              <Link href="/find">{t("find")}</Link>
            </Button>
          }
        />
      ) : (
        <ul className="card divide-y divide-line overflow-hidden">
          {sessions.data.data.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
      {last > 1 ? (
        <nav aria-label={ui("pages")} className="mt-4 flex justify-between">
          <Button size="large" disabled={page <= 1} onClick={() => setUrl({ page: String(page - 1) })}>
            {ui("previousPage")}
          </Button>
          <Button size="large" disabled={page >= last} onClick={() => setUrl({ page: String(page + 1) })}>
            {ui("nextPage")}
          </Button>
        </nav>
      ) : null}
    </>
  );
}

function SessionRow({ session }: { session: Transaction }) {
  const format = useFormat();
  const durationS = session.stopped_at
    ? (new Date(session.stopped_at).getTime() - new Date(session.started_at).getTime()) / 1000
    : null;
  const facts = [
    session.cost && session.energy_wh !== null ? format.energy(session.energy_wh) : null,
    durationS === null ? null : format.duration(durationS),
  ].filter(Boolean);
  return (
    <li>
      <Link
        href={`/sessions/${session.id}`}
        className="flex min-h-18 items-center gap-3 px-4 py-3 hover:bg-sunken focus-visible:outline-offset-[-2px]"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{session.station_name}</span>
          <span className="block text-muted">
            {format.time(session.started_at, "moment", session.time_zone)} (
            {format.zone(session.started_at, session.time_zone)})
          </span>
          {facts.length > 0 ? <span className="block text-muted">{facts.join(" · ")}</span> : null}
        </span>
        <span className="text-right">
          <span className="block font-semibold">
            {session.cost ? format.money(session.cost) : session.energy_wh === null ? "–" : format.energy(session.energy_wh)}
          </span>
          <SessionState session={session} />
        </span>
        <ChevronRight className="size-4 text-muted" aria-hidden />
      </Link>
    </li>
  );
}
