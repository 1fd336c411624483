"use client";

import { useTranslations } from "use-intl";

import type { Transaction } from "@/api/types";
import { Badge, type Tone } from "@/components/ui/badge";

const TONES: Record<Transaction["status"], Tone> = {
  ACTIVE: "accent",
  PENDING_RECONCILIATION: "warn",
  ENDED: "idle",
};

const BILLING_TONES: Record<Transaction["billing_status"], Tone> = {
  NOT_BILLABLE: "idle",
  PENDING: "warn",
  BILLED: "good",
  FAILED: "bad",
};

export function TransactionBadge({ status }: { status: Transaction["status"] }) {
  const t = useTranslations("status.transaction");
  return (
    <Badge tone={TONES[status]} hasDot={status !== "ENDED"}>
      {t(status)}
    </Badge>
  );
}

export function BillingBadge({ status }: { status: Transaction["billing_status"] }) {
  const t = useTranslations("status.billing");
  return <Badge tone={BILLING_TONES[status]}>{t(status)}</Badge>;
}
