"use client";

import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslations } from "use-intl";

import type { IdTag } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Checkbox, Input, Select } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { useForm } from "@/components/ui/use-form";
import { usersQuery } from "@/features/drivers/queries";
import { useDeleteIdTag, useSaveIdTag } from "@/features/id-tags/queries";

interface SheetProps {
  /** Null: a new tag. */
  tag: IdTag | null;
  userId?: number;
  onClose: () => void;
}

/** A moment as the browser's own field writes it, in this place's time. */
function localMoment(moment: string | null): string {
  if (moment === null) return "";
  const date = new Date(moment);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function IdTagSheet({ tag, userId, onClose }: SheetProps) {
  const t = useTranslations("idTags");
  const ui = useTranslations("ui");
  const people = useQuery(usersQuery({ limit: 100, sort: "full_name" }));
  const save = useSaveIdTag(tag === null);
  const remove = useDeleteIdTag();
  const form = useForm({
    idTag: tag?.id_tag ?? "",
    user: String(tag?.user_id ?? userId ?? ""),
    parent: tag?.parent_id_tag ?? "",
    expires: localMoment(tag?.expires_at ?? null),
    isBlocked: tag?.blocked ?? false,
    forbidsConcurrent: tag?.forbids_concurrent ?? false,
  });
  const { values } = form;
  const done = () => {
    showToast("good", ui("saved"));
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      id_tag: values.idTag,
      user_id: values.user === "" ? null : Number(values.user),
      parent_id_tag: values.parent || null,
      expires_at: values.expires === "" ? null : new Date(values.expires).toISOString(),
      blocked: values.isBlocked,
      forbids_concurrent: values.forbidsConcurrent,
    };
    save.mutate(body, { onSuccess: done });
  };
  return (
    <Dialog isOpen onClose={onClose} shape="sheet" title={tag?.id_tag ?? t("create")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {tag === null ? (
          <Field label={t("idTag")} hint={t("idTagHint")}>
            {(control) => (
              <Input {...control} {...form.text("idTag")} required maxLength={20} className="font-mono" />
            )}
          </Field>
        ) : null}
        <Field label={t("driver")} hint={t("driverHint")}>
          {(control) => (
            <Select {...control} {...form.text("user")}>
              <option value="">{t("nobody")}</option>
              {(people.data?.data ?? []).map((person) => (
                <option key={person.id} value={person.id}>
                  {person.full_name} · {person.email}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={`${t("parent")} (${ui("optional")})`} hint={t("parentHint")}>
          {(control) => <Input {...control} {...form.text("parent")} maxLength={20} className="font-mono" />}
        </Field>
        <Field label={`${t("expires")} (${ui("optional")})`}>
          {(control) => <Input {...control} {...form.text("expires")} type="datetime-local" />}
        </Field>
        <div>
          <Checkbox label={t("block")} hint={t("blockHint")} {...form.check("isBlocked")} />
          <Checkbox label={t("concurrent")} hint={t("concurrentHint")} {...form.check("forbidsConcurrent")} />
        </div>
        <ErrorLine error={save.error ?? remove.error} />
        <DialogActions>
          {tag && !tag.is_app_tag ? (
            <Button
              look="quiet"
              className="mr-auto text-bad"
              isBusy={remove.isPending}
              onClick={() => remove.mutate(tag.id_tag, { onSuccess: done })}
            >
              {t("delete")}
            </Button>
          ) : null}
          <Button onClick={onClose}>{ui("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={save.isPending}>
            {ui("save")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
