"use client";

import { useTranslations } from "use-intl";

import type { Transaction } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { BillingBadge } from "@/features/transactions/status";

type Shown = Pick<Transaction, "status" | "billing_status">;

/** Where a session stands, in a driver's words: it runs, it cannot be heard, or what became of its bill. */
export function SessionState({ session }: { session: Shown }) {
  const t = useTranslations("driver.sessions.state");
  if (session.status === "ENDED") return <BillingBadge status={session.billing_status} />;
  const isHeard = session.status === "ACTIVE";
  return (
    <Badge tone={isHeard ? "good" : "warn"} hasDot>
      {isHeard ? t("running") : t("unheard")}
    </Badge>
  );
}
