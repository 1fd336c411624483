"use client";

import { CircleCheck } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { Entrance, ToSignIn } from "@/features/identity/entrance";
import { useFinishSignUp, useResetPassword, useVerifyEmail } from "@/features/identity/queries";
import { Refusal } from "@/features/identity/refusal";
import { TextField } from "@/features/identity/text-field";
import { homeOf } from "@/features/session/home";

function watchHash(onChange: () => void): () => void {
  window.addEventListener("hashchange", onChange);
  return () => window.removeEventListener("hashchange", onChange);
}

/** What the letter's link carries: behind the #, so that no server's log ever holds it. */
function useLinkToken(): string {
  const hash = useSyncExternalStore(
    watchHash,
    () => window.location.hash,
    () => "",
  );
  return new URLSearchParams(hash.slice(1)).get("token") ?? "";
}

export function FinishSignUpPage() {
  const t = useTranslations("identity");
  const router = useRouter();
  const token = useLinkToken();
  const finish = useFinishSignUp();
  return (
    <Entrance title={t("finish")}>
      <NewPassword
        hint={t("finishHint")}
        action={t("makeAccount")}
        isBusy={finish.isPending}
        onChosen={(password) =>
          finish.mutate({ token, password }, { onSuccess: (user) => router.replace(homeOf(user)) })
        }
      />
      <Refusal error={finish.error} />
      <ToSignIn />
    </Entrance>
  );
}

export function ResetPasswordPage() {
  const t = useTranslations("identity");
  const token = useLinkToken();
  const reset = useResetPassword();
  return (
    <Entrance title={t("reset")}>
      {reset.isSuccess ? (
        <Done text={t("resetDone")} />
      ) : (
        <NewPassword
          hint={t("resetHint")}
          action={t("setPassword")}
          isBusy={reset.isPending}
          onChosen={(password) => reset.mutate({ token, password })}
        />
      )}
      <Refusal error={reset.error} />
      <ToSignIn />
    </Entrance>
  );
}

export function VerifyEmailPage() {
  const t = useTranslations("identity");
  const token = useLinkToken();
  const verify = useVerifyEmail();
  return (
    <Entrance title={t("verify")}>
      {verify.isSuccess ? (
        <Done text={t("verifyDone")} />
      ) : (
        <Button
          look="primary"
          size="large"
          isBusy={verify.isPending}
          onClick={() => verify.mutate(token)}
        >
          {t("verifyAction")}
        </Button>
      )}
      <Refusal error={verify.error} />
      <ToSignIn />
    </Entrance>
  );
}

function Done({ text }: { text: string }) {
  return (
    <div role="status" className="flex flex-col gap-3">
      <CircleCheck className="size-8 text-good" aria-hidden />
      <p>{text}</p>
    </div>
  );
}

interface NewPasswordProps {
  hint: string;
  action: string;
  isBusy: boolean;
  onChosen: (password: string) => void;
}

function NewPassword({ hint, action, isBusy, onChosen }: NewPasswordProps) {
  const t = useTranslations("identity");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChosen(password);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-muted">{hint}</p>
      <TextField
        label={t("newPassword")}
        hint={t("passwordRule")}
        type="password"
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        value={password}
        onValue={setPassword}
      />
      <Button type="submit" look="primary" size="large" isBusy={isBusy}>
        {action}
      </Button>
    </form>
  );
}
