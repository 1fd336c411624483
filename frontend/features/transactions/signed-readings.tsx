"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslations } from "use-intl";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import type { TransactionDetail } from "@/api/types";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Facts, Section } from "@/components/ui/facts";
import { CopyText } from "@/components/ui/copy-text";
import { ErrorLine, Skeleton } from "@/components/ui/states";
import { useFormat } from "@/lib/format/use-format";
import { saveFile } from "@/lib/save-file";

type SignedReading = components["schemas"]["SignedReadingView"];

const TONES: Record<SignedReading["result"], Tone> = {
  VERIFIED: "good",
  INVALID: "bad",
  UNVERIFIABLE: "warn",
};

async function exportXml(id: number): Promise<void> {
  const answer = api.GET("/api/admin/transactions/{transaction_id}/signed-readings/export", {
    params: { path: { transaction_id: id }, query: { format: "xml" } },
    parseAs: "blob",
  });
  const content = (await unwrap(answer)) as unknown as Blob;
  saveFile(`signed-readings-${id}.xml`, "application/xml", content);
}

/** What the meter signed, whether it is genuine, and what it comes to. */
export function SignedReadings({ transaction }: { transaction: TransactionDetail }) {
  const t = useTranslations("signedReadings");
  const format = useFormat();
  const id = transaction.id;
  const found = useQuery({
    queryKey: ["transactions", "signed", id, transaction.signed_readings],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/transactions/{transaction_id}/signed-readings", {
          params: { path: { transaction_id: id } },
        }),
      ),
    enabled: transaction.signed_readings !== null,
  });
  if (transaction.signed_readings === null) return null;
  const { signed_energy_wh: energy, difference_wh: difference } = transaction.signed_readings;
  return (
    <Section
      title={t("title")}
      actions={
        <Button size="small" onClick={() => void exportXml(id)}>
          <Download aria-hidden />
          {t("export")}
        </Button>
      }
    >
      <Facts
        className="mb-3"
        facts={[
          [t("energy"), energy === null ? null : format.energy(energy)],
          [t("difference"), difference === null ? null : format.energy(difference)],
        ]}
      />
      <ErrorLine error={found.error} />
      {found.data === undefined ? <Skeleton className="h-20 w-full" /> : null}
      <ul className="-mx-4 -mb-4 divide-y divide-line">
        {found.data?.readings.map((one) => (
          <li key={one.id} className="px-4 py-2.5">
            <details>
              <summary className="flex cursor-pointer flex-wrap items-center gap-x-4 gap-y-1">
                <Badge tone={TONES[one.result]}>{t(`result.${one.result}`)}</Badge>
                <span className="text-[0.8125rem] text-muted">
                  {one.context} · {format.time(one.sampled_at)}
                </span>
                {one.reason ? <span className="basis-full text-[0.8125rem] text-muted">{one.reason}</span> : null}
              </summary>
              <div className="mt-2 flex flex-col gap-2 text-[0.8125rem]">
                <Facts
                  facts={[
                    [t("algorithm"), one.algorithm],
                    [t("meter"), one.meter_serial],
                    [t("key"), one.key_source === null ? null : t(`keySource.${one.key_source}`)],
                  ]}
                />
                <CopyText label={t("record")} text={one.signed_data} />
              </div>
            </details>
          </li>
        ))}
      </ul>
    </Section>
  );
}
