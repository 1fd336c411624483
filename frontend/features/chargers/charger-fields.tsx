"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { Field } from "@/components/ui/field";
import { Checkbox, Input, Select } from "@/components/ui/input";
import { stationsQuery } from "@/features/stations/queries";
import { StationPicker } from "@/features/stations/station-picker";

export interface ChargerForm {
  name: string;
  station: string;
  vendor: string;
  model: string;
  serial: string;
  profile: string;
  freeTag: string;
  isStrict: boolean;
  isDisabled: boolean;
  assumesSubprotocol: boolean;
  pushesAuthorizations: boolean;
  resendsAvailability: boolean;
}

export const EMPTY_CHARGER: ChargerForm = {
  name: "",
  station: "",
  vendor: "",
  model: "",
  serial: "",
  profile: "1",
  freeTag: "",
  isStrict: false,
  isDisabled: false,
  assumesSubprotocol: false,
  pushesAuthorizations: false,
  resendsAvailability: false,
};

/** What the API takes of the form; empty texts are left out. */
export function chargerSettings(form: ChargerForm) {
  return {
    name: form.name,
    station_id: Number(form.station),
    vendor: form.vendor || null,
    model: form.model || null,
    serial_number: form.serial || null,
    security_profile: Number(form.profile),
    free_id_tag: form.freeTag || null,
    is_strict: form.isStrict,
    is_disabled: form.isDisabled,
    assumes_subprotocol: form.assumesSubprotocol,
    pushes_authorizations: form.pushesAuthorizations,
    resends_availability: form.resendsAvailability,
  };
}

interface FieldsProps {
  form: ChargerForm;
  onChange: (changes: Partial<ChargerForm>) => void;
}

/** The fields that creating and editing share. */
export function ChargerFields({ form, onChange }: FieldsProps) {
  const t = useTranslations("chargers");
  const stations = useQuery(stationsQuery({ limit: 1 }));
  const text = (name: "vendor" | "model" | "serial", label: string) => (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          maxLength={50}
          value={form[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <Field label={t("name")}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={200}
            value={form.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("station")} hint={stations.data?.total === 0 ? t("noStation") : undefined}>
        {(control) => (
          <StationPicker
            {...control}
            required
            className="w-full"
            value={form.station}
            onChoose={(station) => onChange({ station })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        {text("vendor", t("vendor"))}
        {text("model", t("model"))}
        {text("serial", t("serial"))}
        <Field label={t("profile")}>
          {(control) => (
            <Select
              {...control}
              value={form.profile}
              onChange={(event) => onChange({ profile: event.target.value })}
            >
              <option value="0">{t("profile0")}</option>
              <option value="1">{t("profile1")}</option>
            </Select>
          )}
        </Field>
      </div>
      <Field label={t("freeTag")} hint={t("freeTagHint")}>
        {(control) => (
          <Input
            {...control}
            maxLength={20}
            value={form.freeTag}
            onChange={(event) => onChange({ freeTag: event.target.value })}
          />
        )}
      </Field>
      <div>
        <Checkbox
          label={t("assumes")}
          hint={t("assumesHint")}
          checked={form.assumesSubprotocol}
          onChange={(event) => onChange({ assumesSubprotocol: event.target.checked })}
        />
        <Checkbox
          label={t("pushes")}
          hint={t("pushesHint")}
          checked={form.pushesAuthorizations}
          onChange={(event) => onChange({ pushesAuthorizations: event.target.checked })}
        />
        <Checkbox
          label={t("resends")}
          hint={t("resendsHint")}
          checked={form.resendsAvailability}
          onChange={(event) => onChange({ resendsAvailability: event.target.checked })}
        />
        <Checkbox
          label={t("strict")}
          checked={form.isStrict}
          onChange={(event) => onChange({ isStrict: event.target.checked })}
        />
        <Checkbox
          label={t("disabled")}
          checked={form.isDisabled}
          onChange={(event) => onChange({ isDisabled: event.target.checked })}
        />
      </div>
    </>
  );
}
