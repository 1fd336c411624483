"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, Trash2 } from "lucide-react";
import { useTranslations } from "use-intl";

import type { components } from "@/api/schema";
import type { ChargerDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/facts";
import { EmptyState, ErrorLine } from "@/components/ui/states";
import { authorityQuery, useDeleteRoot, useInstallRoot, useReadRoots } from "@/features/certificates/queries";
import { useFormat } from "@/lib/format/use-format";

type Installed = components["schemas"]["InstalledCertificateView"];

interface RootsProps {
  charger: ChargerDetail;
  installed: readonly Installed[];
}

/** The roots that the charger trusts: as it last told, installed, and removed. */
export function RootCertificates({ charger, installed }: RootsProps) {
  const t = useTranslations("certificates");
  const offline = useTranslations("operations")("offline");
  const format = useFormat();
  const authority = useQuery(authorityQuery);
  const read = useReadRoots(charger.id);
  const install = useInstallRoot(charger.id);
  const remove = useDeleteRoot(charger.id);
  const isOff = !charger.is_connected;
  const answer = install.data ?? remove.data;
  return (
    <Section
      title={t("roots")}
      actions={
        <Button size="small" isBusy={read.isPending} disabled={isOff} title={isOff ? offline : undefined} onClick={() => read.mutate(undefined)}>
          <Download aria-hidden />
          {t("readRoots")}
        </Button>
      }
    >
      <div className="mb-3 flex flex-wrap gap-2">
        {authority.data?.roots.map((root) => (
          <Button
            key={root.key_type}
            size="small"
            disabled={isOff}
            isBusy={install.isPending && install.variables === root.certificate}
            onClick={() => install.mutate(root.certificate)}
          >
            {t("installRoot", { kind: root.key_type })}
          </Button>
        ))}
      </div>
      <ErrorLine error={read.error ?? install.error ?? remove.error} />
      {answer ? <p role="status" className="mb-3 text-muted">{t("answered", { status: answer.status ?? "–" })}</p> : null}
      {installed.length === 0 ? (
        <EmptyState title={t("noRoots")} hint={t("noRootsHint")} />
      ) : (
        <ul className="-my-2 divide-y divide-line">
          {installed.map((one) => (
            <li key={`${one.certificate_type}${one.serial_number}`} className="flex items-center gap-3 py-3">
              <span className="min-w-0 flex-1">
                <span className="block">
                  {one.certificate_type === "ManufacturerRootCertificate" ? t("ofManufacturer") : t("ofOperator")}
                </span>
                <code className="block font-mono text-[0.8125rem] break-all text-muted">{one.serial_number}</code>
                <span className="block text-muted">{t("told", { date: format.time(one.told_at) })}</span>
              </span>
              <Button
                size="icon"
                disabled={isOff}
                aria-label={`${t("removeRoot")}: ${one.serial_number}`}
                onClick={() =>
                  remove.mutate({
                    hash_algorithm: one.hash_algorithm as "SHA256" | "SHA384" | "SHA512",
                    issuer_name_hash: one.issuer_name_hash,
                    issuer_key_hash: one.issuer_key_hash,
                    serial_number: one.serial_number,
                  })
                }
              >
                <Trash2 aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
