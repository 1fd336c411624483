"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import type { OperationField, OperationSpec } from "@/features/operations/catalog";
import { OutcomeSteps } from "@/features/operations/outcome-steps";
import { useAskCharger } from "@/features/operations/queries";

const NUMBERS = new Set(["connector_id", "transaction_id"]);

/** Only what was filled in; numbers as numbers. */
function bodyOf(values: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => [name, NUMBERS.has(name) ? Number(value) : value]),
  );
}

interface FormProps {
  charger: ChargerDetail;
  spec: OperationSpec;
}

/** One operation's form, and what became of the last time it was asked. */
export function OperationForm({ charger, spec }: FormProps) {
  const t = useTranslations("operations");
  const initial = Object.fromEntries(
    spec.fields.map((field) => [field.name, field.isRequired ? (field.options?.[0] ?? "") : ""]),
  );
  const [values, setValues] = useState<Record<string, string>>(initial);
  const [askedAt, setAskedAt] = useState<Date | null>(null);
  const ask = useAskCharger(charger.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAskedAt(new Date());
    ask.mutate({ name: spec.name, body: bodyOf(values) });
  };
  const asked = ask.variables;
  const hasHappened =
    spec.hasHappened && asked && askedAt ? spec.hasHappened(charger, asked.body, askedAt) : null;
  return (
    <form onSubmit={submit}>
      <p className="mb-4 max-w-prose text-muted">{t(`hints.${spec.name}`)}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        {spec.fields.map((field) => (
          <OperationInput
            key={field.name}
            field={field}
            charger={charger}
            value={values[field.name] ?? ""}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
      </div>
      <div className="mt-4 flex items-center gap-3">
        <Button
          type="submit"
          look={spec.isDangerous ? "danger" : "primary"}
          isBusy={ask.isPending}
          disabled={!charger.is_connected}
        >
          {t(`names.${spec.name}`)}
        </Button>
        {charger.is_connected ? null : <span className="text-muted">{t("offline")}</span>}
      </div>
      {askedAt ? (
        <OutcomeSteps
          isWaiting={ask.isPending}
          answer={ask.data}
          error={ask.error}
          hasHappened={hasHappened}
        />
      ) : null}
    </form>
  );
}

interface InputProps {
  field: OperationField;
  charger: ChargerDetail;
  value: string;
  onChange: (value: string) => void;
}

function useChoices(field: OperationField, charger: ChargerDetail): { value: string; label: string }[] {
  const t = useTranslations("chargers");
  const words = useTranslations("operations");
  const outlets = charger.connectors
    .filter((connector) => connector.connector_id > 0)
    .map(({ connector_id }) => ({
      value: String(connector_id),
      label: t("connector", { number: String(connector_id) }),
    }));
  switch (field.kind) {
    case "outlet":
      return field.isRequired ? outlets : [{ value: "", label: words("anyConnector") }, ...outlets];
    case "connector":
      return [{ value: "", label: t("whole") }, ...outlets];
    case "session":
      return [
        { value: "", label: words("onlySession") },
        ...charger.current_transactions.map((session) => ({
          value: String(session.id),
          label: `${session.id} · ${session.id_tag}`,
        })),
      ];
    case "choice":
      return (field.options ?? []).map((option) => ({ value: option, label: option }));
    case "text":
      return [];
  }
}

function OperationInput({ field, charger, value, onChange }: InputProps) {
  const t = useTranslations("operations");
  const choices = useChoices(field, charger);
  const hint = field.name === "id_tag" ? t("ownTag") : undefined;
  return (
    <Field label={t(`fields.${field.name}`)} hint={hint}>
      {(control) =>
        field.kind === "text" ? (
          <Input
            {...control}
            required={field.isRequired}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <Select
            {...control}
            required={field.isRequired}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          >
            {field.isRequired && field.kind !== "choice" ? <option value="" /> : null}
            {choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.label}
              </option>
            ))}
          </Select>
        )
      }
    </Field>
  );
}
