"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import type { DeskItem } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { TextArea } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { useCloseMatter } from "@/features/desk/queries";

/** Closes a matter with what was decided; the words are kept with the person's name. */
export function CloseMatterDialog({ item, onClose }: { item: DeskItem; onClose: () => void }) {
  const t = useTranslations("desk");
  const ui = useTranslations("ui");
  const [resolution, setResolution] = useState("");
  const close = useCloseMatter(item);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    close.mutate(resolution, { onSuccess: onClose });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("closeTitle")} description={item.summary}>
      <form onSubmit={submit}>
        <Field label={t("resolution")} hint={t("resolutionHint")}>
          {(control) => (
            <TextArea {...control} required value={resolution} onChange={(event) => setResolution(event.target.value)} />
          )}
        </Field>
        <ErrorLine error={close.error} />
        <DialogActions>
          <Button onClick={onClose}>{ui("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={close.isPending}>
            {t("closeMatter")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
