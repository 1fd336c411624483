"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Checkbox, Input, TextArea } from "@/components/ui/input";
import { ErrorLine, Skeleton } from "@/components/ui/states";
import { useForm } from "@/components/ui/use-form";
import { useCreateCampaign } from "@/features/campaigns/queries";
import { chargersQuery } from "@/features/chargers/queries";

const SHOWN = 100;

/** A new campaign; which chargers, with which firmware, how carefully. */
export function CampaignSheet({ onClose }: { onClose: () => void }) {
  const t = useTranslations("campaigns");
  const ui = useTranslations("ui");
  const router = useRouter();
  const create = useCreateCampaign();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const form = useForm({
    name: "",
    version: "",
    location: "",
    waves: "1",
    parallel: "10",
    attempts: "2",
    failures: "",
    bootMinutes: "60",
    certificate: "",
    signature: "",
  });
  const { values } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      {
        name: values.name,
        version: values.version,
        location: values.location,
        selection: { charger_ids: [...chosen] },
        wave_sizes: values.waves.split(/[\s,;]+/).map(Number).filter((size) => size > 0),
        parallel_max: Number(values.parallel),
        attempts_max: Number(values.attempts),
        boot_timeout_s: Number(values.bootMinutes) * 60,
        failures_max: values.failures === "" ? null : Number(values.failures),
        signing_certificate: values.certificate || null,
        signature: values.signature || null,
      },
      { onSuccess: (made) => router.push(`/campaigns/${made.id}`) },
    );
  };
  return (
    <Dialog isOpen onClose={onClose} shape="sheet" title={t("create")} description={t("createHint")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("name")}>
          {(control) => <Input {...control} {...form.text("name")} required maxLength={200} />}
        </Field>
        <Field label={t("version")} hint={t("versionHint")}>
          {(control) => <Input {...control} {...form.text("version")} required maxLength={50} />}
        </Field>
        <Field label={t("location")}>
          {(control) => <Input {...control} {...form.text("location")} required type="url" maxLength={512} />}
        </Field>
        <ChargerChoice chosen={chosen} onChosen={setChosen} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("waves")} hint={t("wavesHint")}>
            {(control) => <Input {...control} {...form.text("waves")} pattern="[0-9 ,;]*" />}
          </Field>
          <Field label={t("parallel")}>
            {(control) => <Input {...control} {...form.text("parallel")} type="number" min="1" max="500" required />}
          </Field>
          <Field label={t("attempts")}>
            {(control) => <Input {...control} {...form.text("attempts")} type="number" min="1" max="10" required />}
          </Field>
          <Field label={t("bootMinutes")}>
            {(control) => <Input {...control} {...form.text("bootMinutes")} type="number" min="1" max="1440" required />}
          </Field>
          <Field label={t("failuresMax")} hint={t("failuresMaxHint")}>
            {(control) => <Input {...control} {...form.text("failures")} type="number" min="0" />}
          </Field>
        </div>
        <details>
          <summary className="cursor-pointer text-[0.8125rem] font-medium">{t("signed")}</summary>
          <div className="mt-3 flex flex-col gap-4">
            <Field label={t("certificate")}>
              {(control) => <TextArea {...control} {...form.text("certificate")} maxLength={5500} />}
            </Field>
            <Field label={t("signature")}>
              {(control) => <TextArea {...control} {...form.text("signature")} maxLength={800} />}
            </Field>
          </div>
        </details>
        <ErrorLine error={create.error} />
        <DialogActions>
          <Button onClick={onClose}>{ui("cancel")}</Button>
          <Button type="submit" look="primary" disabled={chosen.size === 0} isBusy={create.isPending}>
            {t("begin", { count: chosen.size })}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface ChoiceProps {
  chosen: ReadonlySet<number>;
  onChosen: (chosen: ReadonlySet<number>) => void;
}

function ChargerChoice({ chosen, onChosen }: ChoiceProps) {
  const t = useTranslations("campaigns");
  const [search, setSearch] = useState("");
  const found = useQuery(chargersQuery({ search: search || undefined, limit: SHOWN }));
  const rows = found.data?.data ?? [];
  const toggle = (id: number) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChosen(next);
  };
  return (
    <fieldset className="rounded-lg border border-line p-3">
      <legend className="px-1 text-[0.8125rem] font-medium">{t("chargers")}</legend>
      <div className="mb-2 flex gap-2">
        <Input
          type="search"
          aria-label={t("searchChargers")}
          placeholder={t("searchChargers")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Button onClick={() => onChosen(new Set([...chosen, ...rows.map((row) => row.id)]))}>{t("all")}</Button>
      </div>
      {found.data === undefined ? <Skeleton className="h-16 w-full" /> : null}
      <div className="max-h-48 overflow-y-auto">
        {rows.map((row) => (
          <Checkbox
            key={row.id}
            label={row.charge_point_id}
            hint={[row.vendor, row.model, row.firmware_version].filter(Boolean).join(" · ")}
            checked={chosen.has(row.id)}
            onChange={() => toggle(row.id)}
          />
        ))}
      </div>
    </fieldset>
  );
}
