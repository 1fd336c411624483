"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import type { User } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { useForm } from "@/components/ui/use-form";
import { useCorrectWallet } from "@/features/drivers/queries";
import { useFormat } from "@/lib/format/use-format";
import { randomKey } from "@/lib/random-key";

interface CorrectionProps {
  user: User;
  isOpen: boolean;
  onClose: () => void;
}

/** Adjusts a wallet, up or down; the reason stands in the ledger for good. */
export function CorrectionDialog({ user, isOpen, onClose }: CorrectionProps) {
  const t = useTranslations("drivers");
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("correct")} description={t("correctHint")}>
      <CorrectionForm user={user} onDone={onClose} />
    </Dialog>
  );
}

function CorrectionForm({ user, onDone }: { user: User; onDone: () => void }) {
  const t = useTranslations("drivers");
  const ui = useTranslations("ui");
  const format = useFormat();
  const correct = useCorrectWallet(user.id);
  const [key] = useState(randomKey);
  const form = useForm({ amount: "", reason: "" });
  const { currency } = user.wallet.balance;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const amount = { amount: form.values.amount, currency };
    correct.mutate(
      { body: { amount, reason: form.values.reason }, key },
      {
        onSuccess: (booked) => {
          showToast("good", t("toppedUp", { balance: format.money(booked.wallet.balance) }));
          onDone();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={`${t("amount")} (${currency})`} hint={t("correctAmountHint")}>
        {(control) => (
          <Input {...control} {...form.text("amount")} required type="number" step="0.01" />
        )}
      </Field>
      <Field label={t("note")} hint={t("noteHint")}>
        {(control) => <Input {...control} {...form.text("reason")} required maxLength={500} />}
      </Field>
      <ErrorLine error={correct.error} />
      <DialogActions>
        <Button onClick={onDone}>{ui("cancel")}</Button>
        <Button type="submit" look="primary" isBusy={correct.isPending}>
          {t("correct")}
        </Button>
      </DialogActions>
    </form>
  );
}
