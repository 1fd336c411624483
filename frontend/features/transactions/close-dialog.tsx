"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import type { TransactionDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, TextArea } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { useCloseTransaction } from "@/features/transactions/queries";

interface CloseProps {
  transaction: TransactionDetail;
  isOpen: boolean;
  onClose: () => void;
}

/** Ends a session on a person's word: nothing is sent to the charger. */
export function CloseDialog({ transaction, isOpen, onClose }: CloseProps) {
  const t = useTranslations("transactions");
  const ui = useTranslations("ui");
  const [reason, setReason] = useState("");
  const [meterStop, setMeterStop] = useState("");
  const close = useCloseTransaction(transaction.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const meterStopWh = meterStop === "" ? null : meterStop;
    close.mutate({ reason, meter_stop_wh: meterStopWh }, { onSuccess: onClose });
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("closeTitle")} description={t("closeHint")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("reason")}>
          {(control) => (
            <TextArea {...control} required value={reason} onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
        <Field label={`${t("meterStop")} (Wh)`} hint={t("meterStopHint")}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={transaction.meter_start_wh}
              value={meterStop}
              onChange={(event) => setMeterStop(event.target.value)}
            />
          )}
        </Field>
        <ErrorLine error={close.error} />
        <DialogActions>
          <Button onClick={onClose}>{ui("cancel")}</Button>
          <Button type="submit" look="danger" isBusy={close.isPending}>
            {t("close")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
