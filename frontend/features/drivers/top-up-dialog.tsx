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
import { useTopUp } from "@/features/drivers/queries";
import { useFormat } from "@/lib/format/use-format";
import { randomKey } from "@/lib/random-key";

interface TopUpProps {
  user: User;
  isOpen: boolean;
  onClose: () => void;
}

/** Books money that was taken in for a person. */
export function TopUpDialog({ user, isOpen, onClose }: TopUpProps) {
  const t = useTranslations("drivers");
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("topUp")} description={t("topUpHint")}>
      <TopUpForm user={user} onDone={onClose} />
    </Dialog>
  );
}

function TopUpForm({ user, onDone }: { user: User; onDone: () => void }) {
  const t = useTranslations("drivers");
  const ui = useTranslations("ui");
  const format = useFormat();
  const topUp = useTopUp(user.id);
  const [key] = useState(randomKey);
  const form = useForm({ amount: "", note: "" });
  const { currency } = user.wallet.balance;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const amount = { amount: form.values.amount, currency };
    topUp.mutate(
      { body: { amount, note: form.values.note }, key },
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
      <Field label={`${t("amount")} (${currency})`}>
        {(control) => (
          <Input {...control} {...form.text("amount")} required type="number" min="0.01" step="0.01" inputMode="decimal" />
        )}
      </Field>
      <Field label={t("note")} hint={t("noteHint")}>
        {(control) => <Input {...control} {...form.text("note")} required maxLength={1000} />}
      </Field>
      <ErrorLine error={topUp.error} />
      <DialogActions>
        <Button onClick={onDone}>{ui("cancel")}</Button>
        <Button type="submit" look="primary" isBusy={topUp.isPending}>
          {t("topUp")}
        </Button>
      </DialogActions>
    </form>
  );
}
