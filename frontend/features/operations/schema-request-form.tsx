"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail, OcppAction } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { TextArea } from "@/components/ui/input";
import { evidenceOf } from "@/features/operations/evidence";
import {
  type DraftObject,
  draftOf,
  emptyDraft,
  type Fault,
  faultsOf,
  type JsonSchema,
  payloadOf,
} from "@/features/operations/json-schema";
import { OutcomeSteps } from "@/features/operations/outcome-steps";
import { evidenceQuery, useRawRequest } from "@/features/operations/queries";
import { SchemaFields } from "@/features/operations/schema-fields";
import { cx } from "@/lib/classes";

type Payload = Record<string, unknown>;

function parsedObject(text: string): Payload | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Payload) : null;
  } catch {
    return null;
  }
}

interface FormProps {
  charger: ChargerDetail;
  action: OcppAction;
}

/** A request as its schema has it, as fields or as JSON; checked here before it is sent. */
export function SchemaRequestForm({ charger, action }: FormProps) {
  const t = useTranslations("operations");
  const schema = action.request_schema as JsonSchema;
  const [draft, setDraft] = useState<DraftObject>(() => emptyDraft(schema) as DraftObject);
  /** Null while the fields are shown. */
  const [json, setJson] = useState<string | null>(null);
  const [faults, setFaults] = useState<Fault[]>([]);
  const ask = useRawRequest(charger.charge_point_id);
  const payload = json === null ? (payloadOf(schema, draft) as Payload) : parsedObject(json);

  const showJson = () => setJson(JSON.stringify(payload ?? {}, null, 2));
  const showFields = () => {
    if (payload) setDraft(draftOf(schema, payload) as DraftObject);
    setJson(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (payload === null) return;
    const found = faultsOf(schema, payload);
    setFaults(found);
    if (found.length === 0) ask.mutate({ action: action.name, payload });
  };
  const takeExample = () => {
    if (json === null) setDraft(draftOf(schema, action.request_example) as DraftObject);
    else setJson(JSON.stringify(action.request_example, null, 2));
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <h3 className="font-mono font-semibold">{action.name}</h3>
        <div className="flex gap-1" role="group" aria-label={t("mode")}>
          <ModeButton isOn={json === null} onClick={showFields} isDisabled={payload === null} label={t("fieldsMode")} />
          <ModeButton isOn={json !== null} onClick={showJson} label="JSON" />
        </div>
      </div>
      {json === null ? (
        <SchemaFields path="" schema={schema} draft={draft} faults={faults} onChange={setDraft} />
      ) : (
        <Field
          label={t("payload")}
          error={payload ? (faults.length > 0 ? faultText(faults, t) : undefined) : t("badJson")}
        >
          {(control) => (
            <TextArea
              {...control}
              rows={10}
              spellCheck={false}
              className="font-mono text-[0.8125rem]"
              value={json}
              onChange={(event) => setJson(event.target.value)}
            />
          )}
        </Field>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" isBusy={ask.isPending} disabled={!charger.is_connected || payload === null}>
          {t("send")}
        </Button>
        <Button look="quiet" onClick={takeExample}>
          {t("example")}
        </Button>
        {charger.is_connected ? null : <span className="text-muted">{t("offline")}</span>}
      </div>
      {ask.isIdle ? null : <Outcome charger={charger} ask={ask} />}
    </form>
  );
}

function faultText(faults: Fault[], t: ReturnType<typeof useTranslations<"operations">>): string {
  return faults.map((fault) => `${fault.path}: ${t(`fault.${fault.rule}`, { limit: String(fault.limit ?? "") })}`).join("; ");
}

interface ModeProps {
  isOn: boolean;
  label: string;
  onClick: () => void;
  isDisabled?: boolean;
}

function ModeButton({ isOn, label, onClick, isDisabled = false }: ModeProps) {
  return (
    <Button
      size="small"
      look="quiet"
      aria-pressed={isOn}
      disabled={isDisabled}
      onClick={onClick}
      className={cx(isOn && "bg-accent-soft text-accent")}
    >
      {label}
    </Button>
  );
}

interface OutcomeProps {
  charger: ChargerDetail;
  ask: ReturnType<typeof useRawRequest>;
}

/** Asked, accepted, happened: the last only from a later message of the charger. */
function Outcome({ charger, ask }: OutcomeProps) {
  const t = useTranslations("operations");
  const asked = ask.variables;
  const evidence = asked ? evidenceOf(asked.action, asked.payload) : null;
  const found = useQuery(evidenceQuery(charger.id, ask.data?.operation_id ?? null, evidence));
  return (
    <>
      <OutcomeSteps
        isWaiting={ask.isPending}
        answer={ask.data}
        error={ask.error}
        hasHappened={evidence === null ? null : (found.data ?? false)}
        waitsFor={evidence?.action}
      />
      {evidence === null && ask.isSuccess ? <p className="text-[0.8125rem] text-muted">{t("answerIsAll")}</p> : null}
    </>
  );
}
