"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { ApiError } from "@/api/client";
import type { User } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { useChangeSelf } from "@/features/profile/queries";

export function PasswordForm({ user }: { user: User }) {
  const t = useTranslations("driver.profile");
  const [present, setPresent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangeSelf(user.id);
  const isWrong = change.error instanceof ApiError && change.error.status === 401;
  const save = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ password: next, current_password: present });
  };
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      <Field label={t("present")} error={isWrong ? t("wrong") : undefined}>
        {(control) => (
          <Input
            {...control}
            type="password"
            required
            autoComplete="current-password"
            className="h-11 text-base"
            value={present}
            onChange={(event) => setPresent(event.target.value)}
          />
        )}
      </Field>
      <Field label={t("next")} hint={t("changedHint")}>
        {(control) => (
          <Input
            {...control}
            type="password"
            required
            autoComplete="new-password"
            className="h-11 text-base"
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" size="large" isBusy={change.isPending}>
        {t("change")}
      </Button>
      <ErrorLine error={isWrong ? null : change.error} />
    </form>
  );
}
