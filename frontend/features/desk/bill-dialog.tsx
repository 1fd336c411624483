"use client";

import type { FormEvent } from "react";
import { useTranslations } from "use-intl";

import type { DeskItem } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Checkbox, Input, TextArea } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { useForm } from "@/components/ui/use-form";
import { useDecideBill } from "@/features/desk/queries";

/** Bills a failed session on an energy that a person vouches for, or waives it. */
export function BillDialog({ item, onClose }: { item: DeskItem; onClose: () => void }) {
  const t = useTranslations("desk");
  const ui = useTranslations("ui");
  const decide = useDecideBill(Number(item.id));
  const form = useForm({ energyWh: "", isWaived: false, reason: "" });
  const { values } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const decision = values.isWaived ? { waive: true } : { waive: false, energy_wh: values.energyWh };
    decide.mutate({ ...decision, reason: values.reason }, { onSuccess: onClose });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("billTitle")} description={item.summary}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Checkbox label={t("waive")} hint={t("waiveHint")} {...form.check("isWaived")} />
        {values.isWaived ? null : (
          <Field label={t("energyWh")}>
            {(control) => (
              <Input {...control} {...form.text("energyWh")} required type="number" min="0" step="any" />
            )}
          </Field>
        )}
        <Field label={t("reason")} hint={t("resolutionHint")}>
          {(control) => <TextArea {...control} {...form.text("reason")} required />}
        </Field>
        <ErrorLine error={decide.error} />
        <DialogActions>
          <Button onClick={onClose}>{ui("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={decide.isPending}>
            {t("decide")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
