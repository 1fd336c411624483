"use client";

import { useQuery } from "@tanstack/react-query";
import { KeyRound, Monitor, Smartphone } from "lucide-react";
import { useTranslations } from "use-intl";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { deviceOf } from "@/features/identity/device";
import {
  type OpenSession,
  sessionsQuery,
  useEndOthers,
  useEndSession,
} from "@/features/identity/queries";
import { Refusal } from "@/features/identity/refusal";
import { useFormat } from "@/lib/format/use-format";

/** Every device that is signed in, with the way to sign it out. */
export function SessionsList() {
  const t = useTranslations("identity.sessions");
  const sessions = useQuery(sessionsQuery);
  const endOthers = useEndOthers();
  if (sessions.isError) {
    return <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />;
  }
  if (sessions.data === undefined) return <Skeleton className="h-24 w-full" />;
  const hasOthers = sessions.data.data.some((session) => !session.is_current);
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col divide-y divide-line">
        {sessions.data.data.map((session) => (
          <SessionLine key={session.id} session={session} />
        ))}
      </ul>
      {hasOthers ? (
        <Button isBusy={endOthers.isPending} onClick={() => endOthers.mutate()}>
          {t("endOthers")}
        </Button>
      ) : null}
      <Refusal error={endOthers.error} />
    </div>
  );
}

function SessionLine({ session }: { session: OpenSession }) {
  const t = useTranslations("identity.sessions");
  const format = useFormat();
  const end = useEndSession();
  const device = deviceOf(session.device ?? null);
  const name = device ?? t("unknownDevice");
  const Icon = session.kind === "API" ? KeyRound : device?.includes("Android") || device?.includes("iPhone") ? Smartphone : Monitor;
  return (
    <li className="flex items-center gap-3 py-3">
      <Icon className="size-5 shrink-0 text-muted" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <span className="break-words">{name}</span>
          {session.is_current ? <Badge tone="good">{t("current")}</Badge> : null}
        </p>
        <p className="text-[0.8125rem] text-muted">
          {session.address ? `${session.address} · ` : ""}
          {t("lastSeen", { when: format.time(session.last_seen_at) })}
        </p>
        <Refusal error={end.error} />
      </div>
      {session.is_current ? null : (
        <Button
          size="small"
          isBusy={end.isPending}
          aria-label={t("endNamed", { device: name })}
          onClick={() => end.mutate(session.id)}
        >
          {t("end")}
        </Button>
      )}
    </li>
  );
}
