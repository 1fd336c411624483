"use client";

import { useQuery } from "@tanstack/react-query";
import { CreditCard, Smartphone } from "lucide-react";
import { useTranslations } from "use-intl";

import type { IdTag } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { ownIdTagsQuery } from "@/features/profile/queries";
import { useNow } from "@/lib/clock";
import { useFormat } from "@/lib/format/use-format";

export function OwnIdTags() {
  const t = useTranslations("driver.profile");
  const tags = useQuery(ownIdTagsQuery);
  if (tags.isError && !tags.data) {
    return <ErrorState error={tags.error} onRetry={() => void tags.refetch()} />;
  }
  if (!tags.data) return <Skeleton className="h-36 w-full" />;
  if (tags.data.total === 0) {
    return <EmptyState icon={<CreditCard aria-hidden />} title={t("noTags")} hint={t("noTagsHint")} />;
  }
  return (
    <>
      <p className="mb-2 text-muted">{t("tagsHint")}</p>
      <ul className="divide-y divide-line">
        {tags.data.data.map((tag) => (
          <TagRow key={tag.id_tag} tag={tag} />
        ))}
      </ul>
      <p className="mt-2 text-[0.8125rem] text-muted">{t("lost")}</p>
    </>
  );
}

function TagRow({ tag }: { tag: IdTag }) {
  const t = useTranslations("driver.profile");
  const format = useFormat();
  const now = useNow();
  const Icon = tag.is_app_tag ? Smartphone : CreditCard;
  const isExpired = tag.expires_at !== null && new Date(tag.expires_at) <= now;
  return (
    <li className="flex min-h-13 items-center gap-3 py-2">
      <Icon className="size-5 shrink-0 text-muted" aria-hidden />
      <span className="min-w-0 flex-1">
        <span className="block">{tag.is_app_tag ? t("appTag") : t("card")}</span>
        <code className="block font-mono text-[0.8125rem] break-all text-muted">{tag.id_tag}</code>
      </span>
      {tag.blocked ? (
        <Badge tone="bad">{t("blocked")}</Badge>
      ) : isExpired ? (
        <Badge tone="warn">{t("expired")}</Badge>
      ) : tag.expires_at ? (
        <span className="text-muted">{t("until", { date: format.time(tag.expires_at, "date") })}</span>
      ) : null}
    </li>
  );
}
