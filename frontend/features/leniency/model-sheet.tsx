"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { type ModelLeniency, type Rule, useSetModel } from "@/features/leniency/queries";

interface SheetProps {
  model: ModelLeniency;
  rules: Rule[];
  onClose: () => void;
}

type Choice = "" | "on" | "off";

/** Sets which rules all chargers of a model get; what is left alone is as by default. */
export function ModelSheet({ model, rules, onClose }: SheetProps) {
  const t = useTranslations("leniency");
  const ui = useTranslations("ui");
  const save = useSetModel();
  const [chosen, setChosen] = useState<Record<string, boolean>>(model.rules);
  const [note, setNote] = useState(model.note ?? "");
  const choose = (name: string, choice: Choice) => {
    const others = Object.fromEntries(Object.entries(chosen).filter(([rule]) => rule !== name));
    setChosen(choice === "" ? others : { ...others, [name]: choice === "on" });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { vendor: model.vendor, model: model.model, rules: chosen, note: note || null };
    save.mutate(body, {
      onSuccess: () => {
        showToast("good", ui("saved"));
        onClose();
      },
    });
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      shape="sheet"
      title={`${model.vendor} ${model.model}`}
      description={t("sheetHint", { chargers: model.chargers })}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("note")}>
          {(control) => (
            <Input {...control} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
          )}
        </Field>
        <ul className="divide-y divide-line">
          {rules.map((rule) => (
            <li key={rule.name} className="flex items-center justify-between gap-3 py-2">
              <label htmlFor={`rule-${rule.name}`} className="min-w-0">
                <code className="font-mono text-[0.8125rem] break-all">{rule.name}</code>
                {model.hits[rule.name] ? (
                  <span className="ml-2 text-[0.8125rem] text-muted">
                    {t("times", { hits: model.hits[rule.name] ?? 0 })}
                  </span>
                ) : null}
              </label>
              <Select
                id={`rule-${rule.name}`}
                className="w-36 shrink-0"
                value={rule.name in chosen ? (chosen[rule.name] ? "on" : "off") : ""}
                onChange={(event) => choose(rule.name, event.target.value as Choice)}
              >
                <option value="">{rule.is_default ? t("defaultOn") : t("defaultOff")}</option>
                <option value="on">{t("on")}</option>
                <option value="off">{t("off")}</option>
              </Select>
            </li>
          ))}
        </ul>
        <ErrorLine error={save.error} />
        <DialogActions>
          <Button onClick={onClose}>{ui("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={save.isPending}>
            {ui("save")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
