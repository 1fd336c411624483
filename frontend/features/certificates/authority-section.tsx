"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, RefreshCw } from "lucide-react";
import { useTranslations } from "use-intl";

import type { components } from "@/api/schema";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import { Facts, Section } from "@/components/ui/facts";
import { EmptyState, ErrorLine, ErrorState, Skeleton } from "@/components/ui/states";
import { CertificateRequests } from "@/features/certificates/certificate-requests";
import { Fingerprint } from "@/features/certificates/charger-certificates";
import { authorityQuery, useReloadTls, waitingRequestsQuery } from "@/features/certificates/queries";
import { useFormat } from "@/lib/format/use-format";
import { saveFile } from "@/lib/save-file";

type Authority = components["schemas"]["AuthorityView"];

/** Our certificate authority for chargers, and the TLS that they are served. */
export function AuthoritySection() {
  const t = useTranslations("certificates");
  const found = useQuery(authorityQuery);
  const waiting = useQuery(waitingRequestsQuery);
  if (found.isError && !found.data) {
    return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  }
  if (!found.data) return <Skeleton className="h-96 w-full" />;
  const authority = found.data;
  if (!authority.security_profiles.includes(2)) {
    return (
      <Section title={t("authority")}>
        <EmptyState title={t("noTls")} hint={t("noTlsHint")} />
      </Section>
    );
  }
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      <Served authority={authority} />
      <Section title={t("waiting")}>
        {waiting.data ? <CertificateRequests requests={waiting.data.data} hasNames /> : <Skeleton className="h-16 w-full" />}
      </Section>
      {authority.roots.map((root) => (
        <Root key={root.key_type} root={root} crl={authority.crl_urls.find((url) => url.endsWith(`${root.key_type.toLowerCase()}.crl`))} />
      ))}
    </div>
  );
}

function Served({ authority }: { authority: Authority }) {
  const t = useTranslations("certificates");
  const ui = useTranslations("ui");
  const format = useFormat();
  const reload = useReloadTls();
  return (
    <Section
      title={t("authority")}
      actions={
        <Button size="small" isBusy={reload.isPending} onClick={() => reload.mutate(undefined)}>
          <RefreshCw aria-hidden />
          {t("reload")}
        </Button>
      }
    >
      {authority.ocpp_tls_url ? <CopyText label={t("tlsUrl")} text={authority.ocpp_tls_url} /> : null}
      <Facts
        className="mt-4"
        facts={[
          [t("operator"), authority.operator_name],
          [t("automatic"), authority.signs_automatically ? ui("yes") : ui("no")],
          [t("loaded"), authority.loaded_at ? format.time(authority.loaded_at) : null],
        ]}
      />
      {authority.fault ? <p role="alert" className="mt-3 rounded-lg bg-bad-soft px-3 py-2 text-bad">{authority.fault}</p> : null}
      <ErrorLine error={reload.error} />
      <ul className="mt-3 divide-y divide-line">
        {authority.server_certificates.map((one) => (
          <li key={one.fingerprint} className="py-3">
            <span className="flex flex-wrap items-center gap-2">
              <span className="font-medium">{t("serverCertificate", { kind: one.key_type })}</span>
              {one.is_own ? <Badge tone="accent">{t("own")}</Badge> : null}
            </span>
            <span className="block break-words text-muted">{one.names.join(", ")}</span>
            <span className="block text-muted">{t("until", { date: format.time(one.not_after) })}</span>
          </li>
        ))}
        {authority.revocation_lists.map((one) => (
          <li key={one.path} className="py-3">
            <span className="block break-words">{one.path}</span>
            {one.is_stale ? <Badge tone="warn">{t("stale")}</Badge> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Root({ root, crl }: { root: Authority["roots"][number]; crl?: string }) {
  const t = useTranslations("certificates");
  const format = useFormat();
  const name = `root-${root.key_type.toLowerCase()}.pem`;
  return (
    <Section
      title={t("root", { kind: root.key_type })}
      actions={
        <Button size="small" onClick={() => saveFile(name, "application/x-pem-file", root.certificate)}>
          <Download aria-hidden />
          {t("download")}
        </Button>
      }
    >
      <Facts
        facts={[
          [t("fingerprint"), <Fingerprint key="root" value={root.fingerprint} />],
          [t("expires"), format.time(root.not_after)],
          [t("issuedCount"), String(root.issued)],
          [t("revokedCount"), String(root.revoked)],
          [t("crl"), crl ? <a key="crl" className="underline" href={crl}>{crl}</a> : null],
        ]}
      />
    </Section>
  );
}
