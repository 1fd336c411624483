"use client";

import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { useForm } from "@/components/ui/use-form";
import { chargerQuery, chargersQuery } from "@/features/chargers/queries";
import { OutcomeSteps } from "@/features/operations/outcome-steps";
import { useReserve } from "@/features/reservations/queries";

const SHOWN = 100;

/** Asks a charger to keep a connector; its answer is shown as it came. */
export function ReserveDialog({ chargerId, onClose }: { chargerId?: number; onClose: () => void }) {
  const t = useTranslations("reservations");
  const ui = useTranslations("ui");
  const reserve = useReserve();
  const form = useForm({ charger: String(chargerId ?? ""), connector: "0", tag: "", parent: "", minutes: "30" });
  const { values } = form;
  const chargers = useQuery({ ...chargersQuery({ limit: SHOWN }), enabled: chargerId === undefined });
  const chosen = useQuery({ ...chargerQuery(Number(values.charger)), enabled: values.charger !== "" });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reserve.mutate({
      charger_id: Number(values.charger),
      connector_id: Number(values.connector),
      id_tag: values.tag,
      parent_id_tag: values.parent || null,
      expires_at: new Date(Date.now() + Number(values.minutes) * 60_000).toISOString(),
    });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("reserve")} description={t("reserveHint")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {chargerId === undefined ? (
          <Field label={t("charger")}>
            {(control) => (
              <Select {...control} {...form.text("charger")} required>
                <option value="" />
                {chargers.data?.data.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.charge_point_id}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ) : null}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("connector")}>
            {(control) => (
              <Select {...control} {...form.text("connector")}>
                <option value="0">{t("anyConnector")}</option>
                {chosen.data?.connectors
                  .filter((one) => one.connector_id > 0)
                  .map((one) => (
                    <option key={one.connector_id} value={one.connector_id}>
                      {one.connector_id}
                    </option>
                  ))}
              </Select>
            )}
          </Field>
          <Field label={t("minutes")}>
            {(control) => <Input {...control} {...form.text("minutes")} type="number" min="1" max="10080" required />}
          </Field>
          <Field label={t("idTag")}>
            {(control) => <Input {...control} {...form.text("tag")} required maxLength={20} />}
          </Field>
          <Field label={t("parent")} hint={t("parentHint")}>
            {(control) => <Input {...control} {...form.text("parent")} maxLength={20} />}
          </Field>
        </div>
        {reserve.isIdle ? null : (
          <OutcomeSteps isWaiting={reserve.isPending} answer={reserve.data} error={reserve.error} hasHappened={null} />
        )}
        <DialogActions>
          <Button onClick={onClose}>{ui("close")}</Button>
          <Button type="submit" look="primary" isBusy={reserve.isPending}>
            {t("reserve")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
