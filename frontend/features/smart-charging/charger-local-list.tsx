"use client";

import { useQuery } from "@tanstack/react-query";
import { ListRestart, ScanSearch } from "lucide-react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Facts, Section } from "@/components/ui/facts";
import { EmptyState, ErrorLine, ErrorState, Skeleton } from "@/components/ui/states";
import { localListQuery, useAskForList } from "@/features/smart-charging/queries";
import { useFormat } from "@/lib/format/use-format";

interface Entry {
  idTag: string;
  idTagInfo?: { status?: string; parentIdTag?: string; expiryDate?: string };
}

/** Which list the charger was sent, which it took, which it says that it holds. */
export function ChargerLocalList({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("localList");
  const format = useFormat();
  const list = useQuery(localListQuery(charger.id));
  const ask = useAskForList(charger.id);
  if (list.isError && !list.data) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (!list.data) return <Skeleton className="h-64 w-full" />;
  const known = list.data;
  const at = (version: number | null, moment: string | null) =>
    version === null ? null : `${version}${moment ? ` (${format.time(moment)})` : ""}`;
  const entries = known.entries as Entry[];
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Section
        title={t("versions")}
        actions={
          <span className="flex flex-wrap gap-2">
            <Button size="small" isBusy={ask.isPending} onClick={() => ask.mutate("get-local-list-version")}>
              <ScanSearch aria-hidden />
              {t("askVersion")}
            </Button>
            <Button size="small" isBusy={ask.isPending} onClick={() => ask.mutate("send-local-list")}>
              <ListRestart aria-hidden />
              {t("send")}
            </Button>
          </span>
        }
      >
        <Facts
          facts={[
            [t("sent"), at(known.sent_version, null)],
            [t("accepted"), at(known.accepted_version, known.accepted_at)],
            [t("holds"), at(known.told_version, known.told_at)],
          ]}
        />
        <ErrorLine error={ask.error} />
        <h3 className="mt-5 mb-1 text-[0.8125rem] font-medium text-muted">{t("updates")}</h3>
        {known.updates.length === 0 ? <p className="text-muted">–</p> : null}
        <ul className="divide-y divide-line">
          {known.updates.map((one) => (
            <li key={one.operation_id} className="flex flex-wrap gap-x-4 py-1.5 text-[0.8125rem]">
              <span className="font-mono">{one.version}</span>
              <span>{one.update_type}</span>
              <span className="text-muted">{t("entries", { count: one.entries })}</span>
              <span className="ml-auto">{one.status ?? t("noAnswer")}</span>
              <span className="text-muted">{format.time(one.sent_at)}</span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t("tags")}>
        {entries.length === 0 ? <EmptyState title={t("empty")} hint={t("emptyHint")} /> : null}
        <ul className="-mx-4 divide-y divide-line">
          {entries.map((one) => (
            <li key={one.idTag} className="flex flex-wrap gap-x-4 px-4 py-1.5">
              <code className="font-mono text-[0.8125rem]">{one.idTag}</code>
              <span className="ml-auto text-[0.8125rem]">{one.idTagInfo?.status}</span>
              {one.idTagInfo?.expiryDate ? (
                <span className="text-[0.8125rem] text-muted">{format.time(one.idTagInfo.expiryDate)}</span>
              ) : null}
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}
