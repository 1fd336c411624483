"use client";

import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslations } from "use-intl";

import type { Tariff } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Checkbox, Input } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { useForm } from "@/components/ui/use-form";
import { configQuery } from "@/features/session/queries";
import { TariffPreview } from "@/features/tariffs/tariff-preview";
import { useArchiveTariff, useSaveTariff } from "@/features/tariffs/queries";

interface SheetProps {
  /** Null: a new tariff. */
  tariff: Tariff | null;
  onClose: () => void;
}

const PRICES = ["perKwh", "perMinute", "perSession", "perIdleMinute"] as const;

export function TariffSheet({ tariff, onClose }: SheetProps) {
  const t = useTranslations("tariffs");
  const ui = useTranslations("ui");
  const config = useQuery(configQuery);
  const currency = tariff?.currency ?? config.data?.currency ?? "EUR";
  const save = useSaveTariff(tariff?.id ?? null);
  const archive = useArchiveTariff(tariff?.id ?? 0);
  const form = useForm({
    name: tariff?.name ?? "",
    perKwh: tariff?.price_per_kwh ?? "",
    perMinute: tariff?.price_per_minute ?? "",
    perSession: tariff?.price_per_session ?? "",
    perIdleMinute: tariff?.idle_price_per_minute ?? "",
    idleGraceMinutes: String(tariff?.idle_grace_minutes ?? ""),
    tax: tariff?.tax_percent ?? "",
    isDefault: tariff?.is_default ?? false,
  });
  const { values } = form;
  const done = () => {
    showToast("good", ui("saved"));
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      name: values.name,
      currency,
      price_per_kwh: values.perKwh,
      price_per_minute: values.perMinute || null,
      price_per_session: values.perSession || null,
      idle_price_per_minute: values.perIdleMinute || null,
      idle_grace_minutes: values.idleGraceMinutes === "" ? null : Number(values.idleGraceMinutes),
      tax_percent: values.tax || null,
      is_default: values.isDefault,
    };
    save.mutate(body, { onSuccess: done });
  };
  return (
    <Dialog isOpen onClose={onClose} shape="sheet" title={tariff?.name ?? t("create")} description={t("taxIncluded")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("name")}>
          {(control) => <Input {...control} {...form.text("name")} required maxLength={200} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          {PRICES.map((name) => (
            <Field key={name} label={`${t(name)} (${currency})`}>
              {(control) => (
                <Input
                  {...control}
                  {...form.text(name)}
                  required={name === "perKwh"}
                  type="number"
                  min="0"
                  step="any"
                  inputMode="decimal"
                />
              )}
            </Field>
          ))}
          <Field label={t("grace")}>
            {(control) => <Input {...control} {...form.text("idleGraceMinutes")} type="number" min="0" step="1" />}
          </Field>
          <Field label={t("tax")}>
            {(control) => <Input {...control} {...form.text("tax")} type="number" min="0" max="100" step="any" />}
          </Field>
        </div>
        <Checkbox label={t("makeDefault")} hint={t("makeDefaultHint")} {...form.check("isDefault")} />
        <TariffPreview prices={values} currency={currency} />
        <ErrorLine error={save.error ?? archive.error} />
        <DialogActions>
          {tariff && !tariff.is_default ? (
            <Button
              look="quiet"
              className="mr-auto text-bad"
              isBusy={archive.isPending}
              onClick={() => archive.mutate(undefined, { onSuccess: done })}
            >
              {t("archive")}
            </Button>
          ) : null}
          <Button onClick={onClose}>{ui("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={save.isPending}>
            {ui("save")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
