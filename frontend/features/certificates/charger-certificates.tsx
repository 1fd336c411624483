"use client";

import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Facts, Section } from "@/components/ui/facts";
import { ErrorLine, ErrorState, Skeleton } from "@/components/ui/states";
import { CertificateRequests } from "@/features/certificates/certificate-requests";
import { IssuedCertificates } from "@/features/certificates/issued-certificates";
import { chargerCertificatesQuery, useRenew } from "@/features/certificates/queries";
import { RootCertificates } from "@/features/certificates/root-certificates";

/** What a charger proves itself with, what it wants signed, and the roots that it trusts. */
export function ChargerCertificates({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("certificates");
  const offline = useTranslations("operations")("offline");
  const found = useQuery(chargerCertificatesQuery(charger.id));
  const renew = useRenew(charger.id);
  if (found.isError && !found.data) {
    return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  }
  if (!found.data) return <Skeleton className="h-96 w-full" />;
  const link = charger.connections[0];
  const pending = charger.pending_security_profile;
  return (
    <div className="flex flex-col gap-4">
      <Section
        title={t("connection")}
        actions={
          <Button
            size="small"
            isBusy={renew.isPending}
            disabled={!charger.is_connected}
            title={charger.is_connected ? t("renewHint") : offline}
            onClick={() => renew.mutate(undefined)}
          >
            <RefreshCw aria-hidden />
            {t("renew")}
          </Button>
        }
      >
        <Facts
          facts={[
            [t("profile"), t(`profile${charger.security_profile as 0 | 1 | 2 | 3}`)],
            ...(pending ? ([[t("pendingProfile"), t(`profile${pending as 1 | 2 | 3}`)]] as [string, string][]) : []),
            [t("serial"), charger.serial_number],
            [t("tls"), charger.is_connected ? (link?.tls ?? t("clear")) : offline],
            [t("clientCertificate"), <Fingerprint key="used" value={found.data.client_certificate} />],
          ]}
        />
        <ErrorLine error={renew.error} />
        {renew.data ? <p role="status" className="mt-3 text-muted">{t("answered", { status: renew.data.status ?? "–" })}</p> : null}
      </Section>
      <Section title={t("requests")}>
        <CertificateRequests requests={found.data.requests} />
      </Section>
      <Section title={t("issued")}>
        <IssuedCertificates issued={found.data.issued} used={found.data.client_certificate} />
      </Section>
      <RootCertificates charger={charger} installed={found.data.installed} />
    </div>
  );
}

export function Fingerprint({ value }: { value: string | null }) {
  if (value === null) return "–";
  return <code className="font-mono text-[0.8125rem] break-all">{value.match(/../g)?.join(":")}</code>;
}
