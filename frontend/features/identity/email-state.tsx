"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/states";
import { securityQuery, useAskVerification } from "@/features/identity/queries";
import { Refusal } from "@/features/identity/refusal";
import { useLanguage } from "@/lib/i18n/provider";

/** Whether one's address is confirmed, and the way to confirm it. */
export function EmailState() {
  const t = useTranslations("identity");
  const { locale } = useLanguage();
  const security = useQuery(securityQuery);
  const ask = useAskVerification();
  if (security.isPending) return <Skeleton className="h-8 w-56" />;
  if (security.data === undefined) return null;
  if (security.data.is_email_verified) return <Badge tone="good">{t("confirmed")}</Badge>;
  if (ask.isSuccess) return <p role="status">{t("verificationSent")}</p>;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Badge tone="warn">{t("unconfirmed")}</Badge>
      <Button size="small" isBusy={ask.isPending} onClick={() => ask.mutate(locale)}>
        {t("confirmEmail")}
      </Button>
      <Refusal error={ask.error} />
    </div>
  );
}
