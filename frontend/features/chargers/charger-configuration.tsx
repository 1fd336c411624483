"use client";

import { Download, Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Section } from "@/components/ui/facts";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { EmptyState, ErrorLine } from "@/components/ui/states";
import { useReadConfiguration, useWriteConfiguration } from "@/features/chargers/configuration-changes";
import { OutcomeSteps } from "@/features/operations/outcome-steps";
import { useFormat } from "@/lib/format/use-format";

type Key = ChargerDetail["configuration"][number];

/** The keys as the charger last told them, read anew and changed one at a time. */
export function ChargerConfiguration({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("chargers");
  const offline = useTranslations("operations")("offline");
  const [editing, setEditing] = useState<Key | null>(null);
  const read = useReadConfiguration(charger.id);
  const readButton = (
    <Button
      size="small"
      isBusy={read.isPending}
      disabled={!charger.is_connected}
      title={charger.is_connected ? undefined : offline}
      onClick={() => read.mutate()}
    >
      <Download aria-hidden />
      {t("readConfiguration")}
    </Button>
  );
  return (
    <Section title={t("tabConfiguration")} actions={readButton}>
      <ErrorLine error={read.error} />
      {charger.configuration.length === 0 ? (
        <EmptyState title={t("noConfiguration")} hint={t("noConfigurationHint")} />
      ) : (
        <KeyTable keys={charger.configuration} onEdit={charger.is_connected ? setEditing : undefined} />
      )}
      {editing ? (
        <ChangeDialog
          key={editing.key}
          chargerId={charger.id}
          entry={editing}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </Section>
  );
}

function KeyTable({ keys, onEdit }: { keys: Key[]; onEdit?: (key: Key) => void }) {
  const t = useTranslations("chargers");
  const format = useFormat();
  return (
    <div className="-m-4 overflow-x-auto">
      <table className="w-full text-left">
        <thead>
          <tr className="border-b border-line text-[0.8125rem] text-muted">
            <th scope="col" className="h-10 px-4 font-medium">{t("key")}</th>
            <th scope="col" className="px-4 font-medium">{t("value")}</th>
            <th scope="col" className="px-4 font-medium max-md:hidden">{t("learned")}</th>
            <th scope="col" className="px-4"><span className="sr-only">{t("change")}</span></th>
          </tr>
        </thead>
        <tbody>
          {keys.map((entry) => (
            <tr key={entry.key} className="border-b border-line last:border-0">
              <td className="h-11 px-4 font-medium">{entry.key}</td>
              <td className="px-4 font-mono text-[0.8125rem] break-all">{entry.value ?? "–"}</td>
              <td className="px-4 whitespace-nowrap text-muted max-md:hidden">
                {format.time(entry.learned_at)}
              </td>
              <td className="px-4 text-right whitespace-nowrap">
                {entry.is_readonly ? (
                  <Badge tone="idle">{t("readonly")}</Badge>
                ) : (
                  <Button
                    size="small"
                    look="quiet"
                    disabled={!onEdit}
                    aria-label={`${t("change")}: ${entry.key}`}
                    onClick={() => onEdit?.(entry)}
                  >
                    <Pencil aria-hidden />
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ChangeProps {
  chargerId: number;
  entry: Key;
  onClose: () => void;
}

function ChangeDialog({ chargerId, entry, onClose }: ChangeProps) {
  const t = useTranslations("chargers");
  const ui = useTranslations("ui");
  const [value, setValue] = useState(entry.value ?? "");
  const write = useWriteConfiguration(chargerId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    write.mutate({ key: entry.key, value });
  };
  return (
    <Dialog isOpen onClose={onClose} title={entry.key}>
      <form onSubmit={submit}>
        <Field label={t("value")}>
          {(control) => (
            <Input
              {...control}
              className="font-mono"
              maxLength={500}
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          )}
        </Field>
        {write.isIdle ? null : (
          <OutcomeSteps
            isWaiting={write.isPending}
            answer={write.data}
            error={write.error}
            hasHappened={null}
          />
        )}
        <DialogActions>
          <Button onClick={onClose}>{ui("close")}</Button>
          <Button type="submit" look="primary" isBusy={write.isPending}>
            {t("change")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
