"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleX, Pause, Play, RotateCw } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Facts, Section } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { ErrorLine, ErrorState, Skeleton } from "@/components/ui/states";
import { type CampaignDetail, campaignQuery, useSteerCampaign } from "@/features/campaigns/queries";
import { CampaignBadge, CampaignBar, MemberBadge } from "@/features/campaigns/status";
import { useFormat } from "@/lib/format/use-format";
import { useRouteNumber } from "@/lib/route-id";

export function CampaignPage() {
  const campaign = useQuery(campaignQuery(useRouteNumber()));
  if (campaign.isError && !campaign.data) {
    return <ErrorState error={campaign.error} onRetry={() => void campaign.refetch()} />;
  }
  if (!campaign.data) {
    return (
      <div aria-busy>
        <Skeleton className="mb-6 h-7 w-64" />
        <Skeleton className="h-72 w-full" />
      </div>
    );
  }
  return <LoadedCampaign campaign={campaign.data} />;
}

function LoadedCampaign({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns");
  const format = useFormat();
  const steer = useSteerCampaign(campaign.id);
  const [isCancelling, setIsCancelling] = useState(false);
  const isOpen = campaign.status === "RUNNING" || campaign.status === "PAUSED";
  const isPaused = campaign.status === "PAUSED";
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            {campaign.name}
            <CampaignBadge status={campaign.status} />
          </span>
        }
        description={campaign.status_reason ?? `${campaign.version} · ${t("wave", { wave: campaign.wave, waves: campaign.waves })}`}
        actions={
          <>
            {isOpen ? (
              <Button isBusy={steer.isPending} onClick={() => steer.mutate(isPaused ? "resume" : "pause")}>
                {isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
                {isPaused ? t("resume") : t("pause")}
              </Button>
            ) : null}
            {campaign.failed > 0 && campaign.status !== "CANCELLED" ? (
              <Button isBusy={steer.isPending} onClick={() => steer.mutate("retry")}>
                <RotateCw aria-hidden />
                {t("retryFailed")}
              </Button>
            ) : null}
            {isOpen ? (
              <Button look="danger" onClick={() => setIsCancelling(true)}>
                <CircleX aria-hidden />
                {t("cancel")}
              </Button>
            ) : null}
          </>
        }
      />
      <ErrorLine error={steer.error} />
      <div className="grid gap-4 xl:grid-cols-[1fr_24rem]">
        <Members campaign={campaign} />
        <Section title={t("about")} className="self-start">
          <div className="mb-4">
            <CampaignBar campaign={campaign} />
          </div>
          <Facts
            facts={[
              [t("version"), campaign.version],
              [t("location"), campaign.location],
              [t("parallel"), format.number(campaign.parallel_max)],
              [t("attempts"), format.number(campaign.attempts_max)],
              [t("bootTimeout"), format.duration(campaign.boot_timeout_s)],
              [t("failuresMax"), campaign.failures_max === null ? null : format.number(campaign.failures_max)],
              [t("begun"), format.time(campaign.created_at)],
              [t("by"), campaign.created_by_name],
              [t("ended"), campaign.ended_at ? format.time(campaign.ended_at) : null],
            ]}
          />
        </Section>
      </div>
      <ConfirmDialog
        isOpen={isCancelling}
        title={t("cancel")}
        text={t("cancelText")}
        action={t("cancel")}
        isBusy={steer.isPending}
        error={steer.error}
        onConfirm={() => steer.mutate("cancel", { onSuccess: () => setIsCancelling(false) })}
        onClose={() => setIsCancelling(false)}
      />
    </>
  );
}

function Members({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns");
  return (
    <Section title={t("chargers")}>
      <ul className="-m-4 divide-y divide-line">
        {campaign.members.map((one) => (
          <li key={one.charger_id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
            <Link href={`/chargers/${one.charger_id}?tab=maintenance`} className="min-w-28 font-medium hover:underline">
              {one.charge_point_id}
            </Link>
            <MemberBadge status={one.status} />
            <span className="text-[0.8125rem] text-muted">
              {t("waveOf", { wave: one.wave })} · {one.version_before ?? "–"} → {one.version_after ?? "…"}
            </span>
            {one.is_connected ? null : <span className="text-[0.8125rem] text-warn">{t("away")}</span>}
            {one.reason ?? one.charger_status ? (
              <span className="basis-full text-[0.8125rem] break-words text-muted">
                {one.reason ?? one.charger_status}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
