"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX } from "lucide-react";
import { useTranslations } from "use-intl";

import type { Handshake } from "@/api/types";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { handshakesQuery } from "@/features/chargers/queries";
import { useFormat } from "@/lib/format/use-format";

const OUTCOMES = [
  "accepted",
  "unknown_charger",
  "missing_credentials",
  "bad_credentials",
  "missing_certificate",
  "bad_certificate",
  "revoked_certificate",
  "tls_failed",
  "profile_refused",
  "archived",
  "too_many_failures",
  "bad_request",
  "wrong_subprotocol",
  "storage_unavailable",
  "contested",
  "abandoned",
] as const;

interface AttemptsProps {
  chargerId: number;
  /** How many of the newest are shown. */
  shown?: number;
}

/** Who knocked under the charger's id, why it was not let in, and what to do about it. */
export function HandshakeAttempts({ chargerId, shown = 6 }: AttemptsProps) {
  const t = useTranslations("handshakes");
  const attempts = useQuery(handshakesQuery(chargerId, shown));
  if (attempts.isError && !attempts.data) {
    return <ErrorState error={attempts.error} onRetry={() => void attempts.refetch()} />;
  }
  if (!attempts.data) return <Skeleton className="h-12 w-full" />;
  if (attempts.data.total === 0) return <p className="text-muted">{t("none")}</p>;
  return (
    <ol className="flex flex-col gap-2" aria-label={t("title")}>
      {attempts.data.data.map((attempt) => (
        <Attempt key={attempt.id} attempt={attempt} />
      ))}
    </ol>
  );
}

function Attempt({ attempt }: { attempt: Handshake }) {
  const t = useTranslations("handshakes");
  const format = useFormat();
  const outcome = OUTCOMES.find((known) => known === attempt.outcome);
  const Icon = attempt.is_accepted ? CircleCheck : CircleX;
  return (
    <li className="flex gap-2.5 rounded-lg bg-sunken px-3 py-2">
      <Icon
        className={attempt.is_accepted ? "mt-0.5 size-4.5 shrink-0 text-good" : "mt-0.5 size-4.5 shrink-0 text-bad"}
        aria-hidden
      />
      <div className="min-w-0">
        <p className="font-medium">{outcome ? t(`what.${outcome}`) : attempt.reason}</p>
        {outcome && outcome !== "accepted" ? <p className="text-muted">{t(`todo.${outcome}`)}</p> : null}
        <p className="font-mono text-[0.75rem] break-words text-muted">
          {format.time(attempt.at, "second")} · {attempt.remote_address ?? "–"} · {attempt.http_status} ·{" "}
          {attempt.reason}
        </p>
      </div>
    </li>
  );
}
