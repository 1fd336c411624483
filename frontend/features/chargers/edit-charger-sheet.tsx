"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { ErrorLine } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { ChargerFields, type ChargerForm, chargerSettings } from "@/features/chargers/charger-fields";
import { useUpdateCharger } from "@/features/chargers/queries";

function formOf(charger: ChargerDetail): ChargerForm {
  return {
    name: charger.name,
    station: String(charger.station_id),
    vendor: charger.vendor ?? "",
    model: charger.model ?? "",
    serial: charger.serial_number ?? "",
    profile: String(charger.security_profile),
    freeTag: charger.free_id_tag ?? "",
    isStrict: charger.is_strict,
    isDisabled: charger.is_disabled,
    assumesSubprotocol: charger.assumes_subprotocol,
    pushesAuthorizations: charger.pushes_authorizations,
    resendsAvailability: charger.resends_availability,
  };
}

interface SheetProps {
  charger: ChargerDetail;
  isOpen: boolean;
  onClose: () => void;
}

export function EditChargerSheet({ charger, isOpen, onClose }: SheetProps) {
  const t = useTranslations("chargers");
  const ui = useTranslations("ui");
  const [form, setForm] = useState(() => formOf(charger));
  const update = useUpdateCharger(charger.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      ...chargerSettings(form),
      leniency_off: charger.leniency_off,
      heartbeat_interval_s: charger.heartbeat_interval_s,
      ping_interval_s: charger.ping_interval_s,
      connectors: charger.connectors
        .filter((connector) => connector.connector_id > 0)
        .map((connector) => ({
          connector_id: connector.connector_id,
          connector_type: connector.connector_type,
          max_power_kw: connector.max_power_kw,
        })),
    };
    update.mutate(body, {
      onSuccess: () => {
        showToast("good", ui("saved"));
        onClose();
      },
    });
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} shape="sheet" title={t("editTitle")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <ChargerFields form={form} onChange={(changes) => setForm({ ...form, ...changes })} />
        <ErrorLine error={update.error} />
        <DialogActions>
          <Button onClick={onClose}>{ui("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={update.isPending}>
            {ui("save")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
