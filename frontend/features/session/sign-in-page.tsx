"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslations } from "use-intl";

import { ApiError } from "@/api/client";
import { Brand } from "@/components/shell/brand";
import { PreferencesMenu } from "@/components/shell/preferences-menu";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ErrorLine } from "@/components/ui/states";
import { homeOf, safeReturn } from "@/features/session/home";
import { configQuery, useProfile, useSignIn } from "@/features/session/queries";

export function SignInPage() {
  const t = useTranslations("signIn");
  const router = useRouter();
  const next = safeReturn(useSearchParams().get("next"));
  const profile = useProfile();
  const config = useQuery(configQuery);
  const signIn = useSignIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const user = profile.data;

  useEffect(() => {
    if (user) router.replace(next ?? homeOf(user));
  }, [user, next, router]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password });
  };
  const isWrong = signIn.error instanceof ApiError && signIn.error.status === 401;
  return (
    <main className="flex min-h-dvh flex-col">
      <div className="flex justify-end p-3">
        <PreferencesMenu user={null} />
      </div>
      <div className="mx-auto mt-[8vh] w-full max-w-sm px-5">
        <div className="mb-8 text-lg">
          <Brand />
        </div>
        <h1 className="mb-5 text-xl font-semibold tracking-tight">{t("title")}</h1>
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field label={t("email")}>
            {(control) => (
              <Input
                {...control}
                type="email"
                autoComplete="username"
                required
                className="h-11 text-base"
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
          <Field label={t("password")} error={isWrong ? t("wrong") : undefined}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="current-password"
                required
                className="h-11 text-base"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" look="primary" size="large" isBusy={signIn.isPending}>
            {t("submit")}
          </Button>
        </form>
        <ErrorLine error={isWrong ? null : signIn.error} />
        <p className="mt-6 text-[0.8125rem] text-muted">{t("hint")}</p>
        <p className="mt-2 h-5 text-[0.8125rem] text-muted">
          {config.data ? t("version", { version: config.data.version }) : null}
        </p>
      </div>
    </main>
  );
}
