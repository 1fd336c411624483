"use client";

import { ArrowRight, RotateCw } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { DeskItem } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useErrorText } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { BillDialog } from "@/features/desk/bill-dialog";
import { CloseMatterDialog } from "@/features/desk/close-matter-dialog";
import { CloseSessionButton, StopSessionButton } from "@/features/desk/session-actions";
import { useTryAgain } from "@/features/desk/queries";

/** Where a person sees what the matter is about. */
function placeOf(item: DeskItem): string | null {
  if (item.transaction_id !== null) return `/transactions/${item.transaction_id}`;
  if (item.charger_id !== null) return `/chargers/${item.charger_id}?tab=messages`;
  return null;
}

/** What can be done about a matter: look, try again, decide. */
export function DeskActions({ item }: { item: DeskItem }) {
  const t = useTranslations("desk");
  const describe = useErrorText();
  const [isDeciding, setIsDeciding] = useState(false);
  const again = useTryAgain(item);
  const place = placeOf(item);
  const tryAgain = () =>
    again.mutate(undefined, {
      onSuccess: () => showToast("good", t("triedAgain")),
      onError: (error) => showToast("bad", describe(error)),
    });
  const close = () => setIsDeciding(false);
  return (
    <span className="flex flex-wrap gap-1.5 py-1.5">
      {item.source === "bill" || item.source === "job" ? (
        <Button size="small" isBusy={again.isPending} onClick={tryAgain}>
          <RotateCw aria-hidden />
          {t("tryAgain")}
        </Button>
      ) : null}
      {item.transaction_id !== null && item.actions.some((action) => action.name === "stop_session") ? (
        <StopSessionButton transactionId={item.transaction_id} />
      ) : null}
      {item.transaction_id !== null && item.actions.some((action) => action.name === "close_session") ? (
        <CloseSessionButton transactionId={item.transaction_id} />
      ) : null}
      {item.source === "job" ? null : (
        <Button size="small" onClick={() => setIsDeciding(true)}>
          {t("decide")}
        </Button>
      )}
      {place ? (
        <Button asChild size="small" look="quiet">
          <Link href={place}>
            {item.transaction_id === null ? t("toMessages") : t("toTransaction")}
            <ArrowRight aria-hidden />
          </Link>
        </Button>
      ) : null}
      {isDeciding && item.source === "bill" ? <BillDialog item={item} onClose={close} /> : null}
      {isDeciding && item.source !== "bill" ? <CloseMatterDialog item={item} onClose={close} /> : null}
    </span>
  );
}
