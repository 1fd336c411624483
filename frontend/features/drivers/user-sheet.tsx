"use client";

import type { FormEvent } from "react";
import { useTranslations } from "use-intl";

import type { User } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { useForm } from "@/components/ui/use-form";
import { useCreateUser, useUpdateUser } from "@/features/drivers/queries";

interface SheetProps {
  /** Null: a new person. */
  user: User | null;
  isOpen: boolean;
  onClose: () => void;
}

export function UserSheet({ user, isOpen, onClose }: SheetProps) {
  const t = useTranslations("drivers");
  return (
    <Dialog isOpen={isOpen} onClose={onClose} shape="sheet" title={user ? t("edit") : t("create")}>
      <UserForm user={user} onDone={onClose} />
    </Dialog>
  );
}

function UserForm({ user, onDone }: { user: User | null; onDone: () => void }) {
  const t = useTranslations("drivers");
  const ui = useTranslations("ui");
  const create = useCreateUser();
  const update = useUpdateUser(user?.id ?? 0);
  const form = useForm({
    name: user?.full_name ?? "",
    email: user?.email ?? "",
    role: user?.role ?? ("USER" as User["role"]),
    password: "",
  });
  const { values } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      full_name: values.name,
      email: values.email,
      role: values.role,
      ...(values.password === "" ? {} : { password: values.password }),
    };
    const onSuccess = () => {
      showToast("good", ui("saved"));
      onDone();
    };
    if (user === null) create.mutate(body, { onSuccess });
    else update.mutate(body, { onSuccess });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("name")}>
        {(control) => <Input {...control} {...form.text("name")} required maxLength={200} autoComplete="off" />}
      </Field>
      <Field label={t("email")}>
        {(control) => <Input {...control} {...form.text("email")} required type="email" autoComplete="off" />}
      </Field>
      <Field label={t("role")}>
        {(control) => (
          <Select {...control} {...form.text("role")}>
            <option value="USER">{t("roles.USER")}</option>
            <option value="ADMIN">{t("roles.ADMIN")}</option>
          </Select>
        )}
      </Field>
      <Field label={`${t("password")} (${ui("optional")})`} hint={user ? t("passwordKept") : t("passwordHint")}>
        {(control) => <Input {...control} {...form.text("password")} type="password" autoComplete="new-password" />}
      </Field>
      <ErrorLine error={create.error ?? update.error} />
      <DialogActions>
        <Button onClick={onDone}>{ui("cancel")}</Button>
        <Button type="submit" look="primary" isBusy={create.isPending || update.isPending}>
          {ui("save")}
        </Button>
      </DialogActions>
    </form>
  );
}
