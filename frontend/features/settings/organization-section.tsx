"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { FormEvent } from "react";
import { useTranslations } from "use-intl";

import type { NetworkSettings } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/facts";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ErrorLine, ErrorState, Skeleton } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { useForm } from "@/components/ui/use-form";
import { settingsQuery, useSaveOrganization } from "@/features/settings/queries";

const MINUTE_S = 60;
const HOUR_S = 3600;

/** What the organization sets for itself; it holds for sessions from now on. */
export function OrganizationSection() {
  const settings = useQuery(settingsQuery);
  if (settings.isError && !settings.data) {
    return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  if (!settings.data) return <Skeleton className="h-96 w-full" />;
  const organization = settings.data.organization;
  return <OrganizationForm key={JSON.stringify(organization)} organization={organization} />;
}

function OrganizationForm({ organization }: { organization: NetworkSettings["organization"] }) {
  const t = useTranslations("settings.organization");
  const ui = useTranslations("ui");
  const save = useSaveOrganization();
  const form = useForm({
    name: organization.name,
    currency: organization.currency,
    minimum: organization.minimum_balance.amount,
    hold: organization.hold_amount.amount,
    reconcileMinutes: String(organization.reconcile_after_s / MINUTE_S),
    offlineHours: String(organization.offline_cap_s / HOUR_S),
  });
  const { values } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const currency = values.currency.toUpperCase();
    save.mutate(
      {
        name: values.name,
        currency,
        minimum_balance: { amount: values.minimum, currency },
        hold_amount: { amount: values.hold, currency },
        reconcile_after_s: Math.round(Number(values.reconcileMinutes) * MINUTE_S),
        offline_cap_s: Math.round(Number(values.offlineHours) * HOUR_S),
      },
      { onSuccess: () => showToast("good", ui("saved")) },
    );
  };
  const amount = { type: "number", min: "0", step: "any", inputMode: "decimal", required: true } as const;
  return (
    <form onSubmit={submit} className="flex max-w-3xl flex-col gap-4">
      <Section title={t("title")}>
        <div className="grid gap-4 sm:grid-cols-[1fr_10rem]">
          <Field label={t("name")} hint={t("nameHint")}>
            {(control) => <Input {...control} {...form.text("name")} required maxLength={200} />}
          </Field>
          <Field label={t("currency")} hint={organization.is_currency_fixed ? t("currencyFixed") : t("currencyHint")}>
            {(control) => (
              <Input
                {...control}
                {...form.text("currency")}
                required
                pattern="[A-Za-z]{3}"
                maxLength={3}
                readOnly={organization.is_currency_fixed}
              />
            )}
          </Field>
        </div>
      </Section>
      <Section title={t("money")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={`${t("minimum")} (${values.currency})`} hint={t("minimumHint")}>
            {(control) => <Input {...control} {...form.text("minimum")} {...amount} />}
          </Field>
          <Field label={`${t("hold")} (${values.currency})`} hint={t("holdHint")}>
            {(control) => <Input {...control} {...form.text("hold")} {...amount} />}
          </Field>
        </div>
        <p className="mt-4 text-muted">
          {t("defaultTariff")}:{" "}
          <Link href="/tariffs" className="text-accent underline underline-offset-2">
            {organization.default_tariff?.name ?? t("noDefaultTariff")}
          </Link>
        </p>
      </Section>
      <Section title={t("evidence")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("reconcile")} hint={t("reconcileHint")}>
            {(control) => (
              <Input {...control} {...form.text("reconcileMinutes")} type="number" min="1" max="1440" step="any" required />
            )}
          </Field>
          <Field label={t("offline")} hint={t("offlineHint")}>
            {(control) => (
              <Input {...control} {...form.text("offlineHours")} type="number" min="1" max="2160" step="any" required />
            )}
          </Field>
        </div>
      </Section>
      <ErrorLine error={save.error} />
      <div className="flex justify-end">
        <Button type="submit" look="primary" isBusy={save.isPending}>
          {ui("save")}
        </Button>
      </div>
    </form>
  );
}
