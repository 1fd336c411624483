"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, TextArea } from "@/components/ui/input";
import { OutcomeSteps } from "@/features/operations/outcome-steps";
import { useRawRequest } from "@/features/operations/queries";

function parsedObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Any OCPP request as it stands on the wire; the server checks it against its schema. */
export function RawRequestForm({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("operations");
  const [action, setAction] = useState("GetLocalListVersion");
  const [text, setText] = useState("{}");
  const ask = useRawRequest(charger.charge_point_id);
  const payload = parsedObject(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (payload) ask.mutate({ action: action.trim(), payload });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="max-w-prose text-muted">{t("rawHint")}</p>
      <Field label={t("action")}>
        {(control) => (
          <Input
            {...control}
            required
            className="font-mono"
            value={action}
            onChange={(event) => setAction(event.target.value)}
          />
        )}
      </Field>
      <Field label={t("payload")} error={payload ? undefined : t("badJson")}>
        {(control) => (
          <TextArea
            {...control}
            rows={6}
            spellCheck={false}
            className="font-mono text-[0.8125rem]"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="flex items-center gap-3">
        <Button
          type="submit"
          look="primary"
          isBusy={ask.isPending}
          disabled={!charger.is_connected || payload === null}
        >
          {t("send")}
        </Button>
        {charger.is_connected ? null : <span className="text-muted">{t("offline")}</span>}
      </div>
      {ask.isIdle ? null : (
        <OutcomeSteps isWaiting={ask.isPending} answer={ask.data} error={ask.error} hasHappened={null} />
      )}
    </form>
  );
}
