"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { ChargerCredentials } from "@/features/chargers/charger-credentials";
import { ChargerFields, chargerSettings, EMPTY_CHARGER } from "@/features/chargers/charger-fields";
import { useCreateCharger } from "@/features/chargers/queries";

const PLUGS = ["TYPE2", "CCS2", "CHADEMO", "SCHUKO", "TYPE1"] as const;
const MAX_CONNECTORS = 8;

interface SheetProps {
  isOpen: boolean;
  onClose: () => void;
}

/** Registers a charger, then shows what has to be entered into it. */
export function CreateChargerSheet({ isOpen, onClose }: SheetProps) {
  const t = useTranslations("chargers");
  const create = useCreateCharger();
  const close = () => {
    onClose();
    create.reset();
  };
  const made = create.data;
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      shape="sheet"
      title={made ? t("createdTitle") : t("create")}
      description={made ? undefined : t("createHint")}
    >
      {made ? <ChargerCredentials made={made} /> : <CreateForm create={create} onCancel={close} />}
    </Dialog>
  );
}

interface FormProps {
  create: ReturnType<typeof useCreateCharger>;
  onCancel: () => void;
}

function CreateForm({ create, onCancel }: FormProps) {
  const t = useTranslations("chargers");
  const ui = useTranslations("ui");
  const [form, setForm] = useState(EMPTY_CHARGER);
  const [chargePointId, setChargePointId] = useState("");
  const [count, setCount] = useState("1");
  const [plug, setPlug] = useState<string>(PLUGS[0]);
  const [power, setPower] = useState("22");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const connectors = Array.from({ length: Number(count) }, (_, index) => ({
      connector_id: index + 1,
      connector_type: plug,
      max_power_kw: power === "" ? null : power,
    }));
    create.mutate({
      ...chargerSettings(form),
      charge_point_id: chargePointId.trim() || null,
      connectors,
      leniency_off: [],
      heartbeat_interval_s: 300,
      ping_interval_s: 25,
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <ChargerFields form={form} onChange={(changes) => setForm({ ...form, ...changes })} />
      <Field label={`${t("chargePointId")} (${ui("optional")})`} hint={t("idHint")}>
        {(control) => (
          <Input
            {...control}
            maxLength={48}
            className="font-mono"
            value={chargePointId}
            onChange={(event) => setChargePointId(event.target.value)}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t("connectorCount")}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              max={MAX_CONNECTORS}
              value={count}
              onChange={(event) => setCount(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("plugs")}>
          {(control) => (
            <Select {...control} value={plug} onChange={(event) => setPlug(event.target.value)}>
              {PLUGS.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("maxPower")}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0.1}
              step={0.1}
              value={power}
              onChange={(event) => setPower(event.target.value)}
            />
          )}
        </Field>
      </div>
      <ErrorLine error={create.error} />
      <DialogActions>
        <Button onClick={onCancel}>{ui("cancel")}</Button>
        <Button type="submit" look="primary" isBusy={create.isPending}>
          {t("create")}
        </Button>
      </DialogActions>
    </form>
  );
}
