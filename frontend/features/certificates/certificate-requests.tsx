"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";

import type { components } from "@/api/schema";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorLine } from "@/components/ui/states";
import { ReasonDialog } from "@/features/certificates/reason-dialog";
import { useApprove, useDecline } from "@/features/certificates/queries";
import { useFormat } from "@/lib/format/use-format";

type CertificateRequest = components["schemas"]["CertificateRequestView"];

const TONES: Record<string, Tone> = {
  WAITING: "warn",
  SIGNED: "accent",
  INSTALLED: "good",
  REFUSED: "bad",
  REJECTED: "bad",
  DECLINED: "idle",
  REPLACED: "idle",
};
const STATES = ["WAITING", "SIGNED", "INSTALLED", "REFUSED", "REJECTED", "DECLINED", "REPLACED"] as const;

interface RequestsProps {
  requests: readonly CertificateRequest[];
  /** Whether each says whose it is. */
  hasNames?: boolean;
}

/** What chargers want signed, and the word of the operator on it. */
export function CertificateRequests({ requests, hasNames = false }: RequestsProps) {
  const t = useTranslations("certificates");
  const format = useFormat();
  const approve = useApprove();
  const decline = useDecline();
  const [declined, setDeclined] = useState<CertificateRequest | null>(null);
  if (requests.length === 0) return <EmptyState title={t("noRequests")} hint={t("noRequestsHint")} />;
  return (
    <>
      <ErrorLine error={approve.error} />
      <ul className="-my-2 divide-y divide-line">
        {requests.map((request) => {
          const state = STATES.find((known) => known === request.state);
          return (
            <li key={request.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
              <Badge tone={TONES[request.state] ?? "idle"}>{state ? t(`state.${state}`) : request.state}</Badge>
              <span className="min-w-0 flex-1 basis-48">
                {hasNames ? <span className="block font-medium">{request.charge_point_id}</span> : null}
                <span className="block text-muted">{format.time(request.received_at)}</span>
                {request.reason ? <span className="block break-words">{request.reason}</span> : null}
              </span>
              {request.state === "WAITING" ? (
                <span className="flex gap-2">
                  <Button size="small" onClick={() => setDeclined(request)}>{t("decline")}</Button>
                  <Button
                    size="small"
                    look="primary"
                    isBusy={approve.isPending && approve.variables === request.id}
                    onClick={() => approve.mutate(request.id)}
                  >
                    {t("sign")}
                  </Button>
                </span>
              ) : null}
            </li>
          );
        })}
      </ul>
      {declined ? (
        <ReasonDialog
          title={t("declineTitle")}
          text={t("declineText")}
          action={t("decline")}
          change={decline}
          id={declined.id}
          onClose={() => setDeclined(null)}
        />
      ) : null}
    </>
  );
}
