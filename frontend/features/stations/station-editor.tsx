"use client";

import type { FormEvent } from "react";
import { useTranslations } from "use-intl";

import type { Station } from "@/api/types";
import { StationMap } from "@/components/map/station-map";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { useForm } from "@/components/ui/use-form";
import { useSaveStation } from "@/features/stations/queries";

interface EditorProps {
  /** Null: a new one. */
  station: Station | null;
  isOpen: boolean;
  onClose: () => void;
}

function hereZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Creates or changes a station; a click on the map places it. */
export function StationEditor({ station, isOpen, onClose }: EditorProps) {
  const t = useTranslations("stations");
  return (
    <Dialog isOpen={isOpen} onClose={onClose} shape="sheet" title={station ? t("edit") : t("create")}>
      <StationForm station={station} onDone={onClose} />
    </Dialog>
  );
}

function StationForm({ station, onDone }: { station: Station | null; onDone: () => void }) {
  const t = useTranslations("stations");
  const ui = useTranslations("ui");
  const save = useSaveStation(station?.id ?? null);
  const form = useForm({
    name: station?.name ?? "",
    address: station?.address ?? "",
    latitude: station ? String(station.latitude) : "",
    longitude: station ? String(station.longitude) : "",
    zone: station?.time_zone ?? hereZone(),
  });
  const { values } = form;
  const isPlaced = values.latitude !== "" && values.longitude !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      name: values.name,
      address: values.address,
      latitude: values.latitude,
      longitude: values.longitude,
      time_zone: values.zone,
    };
    save.mutate(body, {
      onSuccess: () => {
        showToast("good", ui("saved"));
        onDone();
      },
    });
  };
  const pin = {
    id: "new",
    latitude: Number(values.latitude),
    longitude: Number(values.longitude),
    title: values.name,
    text: "",
    tone: "accent" as const,
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("name")}>
        {(control) => <Input {...control} {...form.text("name")} required maxLength={200} />}
      </Field>
      <Field label={t("address")}>
        {(control) => <Input {...control} {...form.text("address")} maxLength={1000} />}
      </Field>
      <div>
        <p className="mb-1 text-[0.8125rem] text-muted">{t("placeHint")}</p>
        <div className="h-56 overflow-hidden rounded-lg border border-line">
          <StationMap
            label={t("map")}
            pins={isPlaced ? [pin] : []}
            onPlace={(latitude, longitude) =>
              form.set({ latitude: String(latitude), longitude: String(longitude) })
            }
          />
        </div>
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("latitude")}>
          {(control) => (
            <Input {...control} {...form.text("latitude")} required type="number" step="any" min={-90} max={90} />
          )}
        </Field>
        <Field label={t("longitude")}>
          {(control) => (
            <Input {...control} {...form.text("longitude")} required type="number" step="any" min={-180} max={180} />
          )}
        </Field>
      </div>
      <Field label={t("zone")} hint={t("zoneHint")}>
        {(control) => (
          <Select {...control} {...form.text("zone")}>
            {[...new Set([values.zone, "UTC", ...Intl.supportedValuesOf("timeZone")])].map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </Select>
        )}
      </Field>
      <ErrorLine error={save.error} />
      <DialogActions>
        <Button onClick={onDone}>{ui("cancel")}</Button>
        <Button type="submit" look="primary" isBusy={save.isPending}>
          {ui("save")}
        </Button>
      </DialogActions>
    </form>
  );
}
