"use client";

import { useQuery } from "@tanstack/react-query";
import { MailCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { Entrance, ToSignIn } from "@/features/identity/entrance";
import { useForgotten, useSignUp } from "@/features/identity/queries";
import { Refusal } from "@/features/identity/refusal";
import { TextField } from "@/features/identity/text-field";
import { configQuery } from "@/features/session/queries";
import { useLanguage } from "@/lib/i18n/provider";

export function SignUpPage() {
  const t = useTranslations("identity");
  const { locale } = useLanguage();
  const signUp = useSignUp();
  const config = useQuery(configQuery);
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signUp.mutate({ email: email.trim(), full_name: name.trim(), locale });
  };
  const isClosed = config.data?.identity.can_sign_up === false;
  return (
    <Entrance title={t("signUp")}>
      {signUp.isSuccess ? (
        <LetterSent email={email} />
      ) : isClosed ? (
        <p>{t("refused.sign_up_closed")}</p>
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <p className="text-muted">{t("signUpHint")}</p>
          <TextField label={t("name")} autoComplete="name" maxLength={200} value={name} onValue={setName} />
          <TextField label={t("email")} type="email" autoComplete="email" value={email} onValue={setEmail} />
          <Button type="submit" look="primary" size="large" isBusy={signUp.isPending}>
            {t("sendLetter")}
          </Button>
        </form>
      )}
      <Refusal error={signUp.error} />
      <ToSignIn />
    </Entrance>
  );
}

export function ForgotPasswordPage() {
  const t = useTranslations("identity");
  const { locale } = useLanguage();
  const forgotten = useForgotten();
  const [email, setEmail] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    forgotten.mutate({ email: email.trim(), locale });
  };
  return (
    <Entrance title={t("forgot")}>
      {forgotten.isSuccess ? (
        <LetterSent email={email} />
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <p className="text-muted">{t("forgotHint")}</p>
          <TextField label={t("email")} type="email" autoComplete="username" value={email} onValue={setEmail} />
          <Button type="submit" look="primary" size="large" isBusy={forgotten.isPending}>
            {t("sendLetter")}
          </Button>
        </form>
      )}
      <Refusal error={forgotten.error} />
      <ToSignIn />
    </Entrance>
  );
}

/** The same words whether there is such an account or not: strangers learn nothing. */
function LetterSent({ email }: { email: string }) {
  const t = useTranslations("identity");
  const config = useQuery(configQuery);
  return (
    <div role="status" className="flex flex-col gap-3">
      <MailCheck className="size-8 text-accent" aria-hidden />
      <p className="break-words">{t("letterSent", { email })}</p>
      {config.data?.identity.has_outbox ? <p className="text-muted">{t("outboxHint")}</p> : null}
    </div>
  );
}
