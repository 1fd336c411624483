"use client";

import { useTranslations } from "use-intl";

import { Badge, type Tone } from "@/components/ui/badge";
import type { Campaign, CampaignCharger } from "@/features/campaigns/queries";
import { useFormat } from "@/lib/format/use-format";

const TONES: Record<Campaign["status"], Tone> = {
  RUNNING: "accent",
  PAUSED: "warn",
  CANCELLED: "idle",
  DONE: "good",
};
const MEMBER_TONES: Record<CampaignCharger["status"], Tone> = {
  WAITING: "idle",
  ASKED: "accent",
  DONE: "good",
  FAILED: "bad",
  CANCELLED: "idle",
};

export function CampaignBadge({ status }: { status: Campaign["status"] }) {
  const t = useTranslations("campaigns.status");
  return <Badge tone={TONES[status]}>{t(status)}</Badge>;
}

export function MemberBadge({ status }: { status: CampaignCharger["status"] }) {
  const t = useTranslations("campaigns.member");
  return <Badge tone={MEMBER_TONES[status]}>{t(status)}</Badge>;
}

/** How many of the chargers are done, failed, under way; the rest waits. */
export function CampaignBar({ campaign }: { campaign: Campaign }) {
  const t = useTranslations("campaigns");
  const format = useFormat();
  const share = (count: number) => `${(100 * count) / Math.max(1, campaign.chargers)}%`;
  const text = t("progress", {
    done: format.number(campaign.done),
    failed: format.number(campaign.failed),
    total: format.number(campaign.chargers),
  });
  return (
    <span className="flex min-w-40 flex-col gap-1">
      <span className="text-[0.8125rem] text-muted">{text}</span>
      <span aria-hidden className="flex h-1.5 overflow-hidden rounded-full bg-idle-soft">
        <span className="bg-good" style={{ width: share(campaign.done) }} />
        <span className="bg-accent" style={{ width: share(campaign.asked) }} />
        <span className="bg-bad" style={{ width: share(campaign.failed) }} />
      </span>
    </span>
  );
}
