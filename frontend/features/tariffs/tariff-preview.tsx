"use client";

import { useTranslations } from "use-intl";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useForm } from "@/components/ui/use-form";
import { previewCost, type PreviewPrices } from "@/features/tariffs/preview";
import { useFormat } from "@/lib/format/use-format";

/** What a session of a given size would cost with the prices as they are typed. */
export function TariffPreview({ prices, currency }: { prices: PreviewPrices; currency: string }) {
  const t = useTranslations("tariffs");
  const format = useFormat();
  const form = useForm({ energy: "30", minutes: "90", idle: "0" });
  const cost = previewCost(prices, {
    energyKwh: Number(form.values.energy) || 0,
    minutes: Number(form.values.minutes) || 0,
    idleMinutes: Number(form.values.idle) || 0,
  });
  const fields = [
    ["energy", t("previewEnergy")],
    ["minutes", t("previewMinutes")],
    ["idle", t("previewIdle")],
  ] as const;
  return (
    <fieldset className="rounded-lg bg-sunken p-4">
      <legend className="float-left mb-3 font-medium">{t("preview")}</legend>
      <div className="clear-both grid grid-cols-3 gap-3">
        {fields.map(([name, label]) => (
          <Field key={name} label={label}>
            {(control) => <Input {...control} {...form.text(name)} type="number" min="0" step="any" />}
          </Field>
        ))}
      </div>
      <p aria-live="polite" className="mt-3">
        {t("previewCost")}{" "}
        <strong className="text-base font-semibold">
          {format.money({ amount: cost.toFixed(2), currency })}
        </strong>
      </p>
    </fieldset>
  );
}
