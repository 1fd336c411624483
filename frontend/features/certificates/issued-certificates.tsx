"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { components } from "@/api/schema";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/states";
import { useRevoke } from "@/features/certificates/queries";
import { ReasonDialog } from "@/features/certificates/reason-dialog";
import { useFormat } from "@/lib/format/use-format";
import { saveFile } from "@/lib/save-file";

type Issued = components["schemas"]["IssuedCertificateView"];

interface IssuedProps {
  issued: readonly Issued[];
  /** Fingerprint of the one that the open connection uses. */
  used: string | null;
}

/** Certificates that our authority signed for the charger. */
export function IssuedCertificates({ issued, used }: IssuedProps) {
  const t = useTranslations("certificates");
  const format = useFormat();
  const revoke = useRevoke();
  const [revoked, setRevoked] = useState<Issued | null>(null);
  if (issued.length === 0) return <EmptyState title={t("noIssued")} hint={t("noIssuedHint")} />;
  return (
    <>
      <ul className="-my-2 divide-y divide-line">
        {issued.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <span className="flex gap-2">
              {one.status === "VALID" ? <Badge tone="good">{t("valid")}</Badge> : null}
              {one.status === "EXPIRED" ? <Badge tone="idle">{t("expired")}</Badge> : null}
              {one.status === "REVOKED" ? <Badge tone="bad">{t("revoked")}</Badge> : null}
              {one.fingerprint === used ? <Badge tone="accent">{t("inUse")}</Badge> : null}
            </span>
            <span className="min-w-0 flex-1 basis-56">
              <span className="block break-words">{one.subject}</span>
              <span className="block text-muted">
                {one.key_type} · {t("until", { date: format.time(one.not_after) })}
              </span>
              {one.revocation_reason ? <span className="block text-muted">{one.revocation_reason}</span> : null}
            </span>
            <span className="flex gap-2">
              <Button
                size="icon"
                aria-label={`${t("download")}: ${one.serial_number}`}
                onClick={() => saveFile(`${one.charge_point_id}.pem`, "application/x-pem-file", one.certificate)}
              >
                <Download aria-hidden />
              </Button>
              {one.status === "VALID" ? (
                <Button size="small" onClick={() => setRevoked(one)}>{t("revoke")}</Button>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      {revoked ? (
        <ReasonDialog
          title={t("revokeTitle")}
          text={t("revokeText")}
          action={t("revoke")}
          change={revoke}
          id={revoked.id}
          onClose={() => setRevoked(null)}
        />
      ) : null}
    </>
  );
}
