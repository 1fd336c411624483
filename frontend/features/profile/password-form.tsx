"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { showToast } from "@/components/ui/toast";
import { useChangePassword } from "@/features/identity/queries";
import { Refusal } from "@/features/identity/refusal";
import { TextField } from "@/features/identity/text-field";
import { useLanguage } from "@/lib/i18n/provider";

/** Changes one's own password; this browser stays signed in, all others are signed out. */
export function PasswordForm() {
  const t = useTranslations("identity");
  const { locale } = useLanguage();
  const [present, setPresent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangePassword();
  const save = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { current_password: present, password: next, locale },
      {
        onSuccess: () => {
          setPresent("");
          setNext("");
          showToast("good", t("passwordChanged"));
        },
      },
    );
  };
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      <TextField label={t("presentPassword")} type="password" autoComplete="current-password" value={present} onValue={setPresent} />
      <TextField
        label={t("newPassword")}
        hint={t("passwordRule")}
        type="password"
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        value={next}
        onValue={setNext}
      />
      <Button type="submit" size="large" isBusy={change.isPending}>
        {t("changePassword")}
      </Button>
      <Refusal error={change.error} />
    </form>
  );
}
