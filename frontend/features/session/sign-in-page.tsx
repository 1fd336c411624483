"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslations } from "use-intl";

import { API_ORIGIN, ApiError } from "@/api/client";
import { Button } from "@/components/ui/button";
import { Entrance } from "@/features/identity/entrance";
import { Refusal } from "@/features/identity/refusal";
import { TextField } from "@/features/identity/text-field";
import { homeOf, safeReturn } from "@/features/session/home";
import { configQuery, useProfile, useSignIn } from "@/features/session/queries";

export function SignInPage() {
  const t = useTranslations("signIn");
  const router = useRouter();
  const query = useSearchParams();
  const next = safeReturn(query.get("next"));
  const failed = query.get("failed");
  const profile = useProfile();
  const config = useQuery(configQuery);
  const user = profile.data;

  useEffect(() => {
    if (user) router.replace(next ?? homeOf(user));
  }, [user, next, router]);

  const offer = config.data?.identity;
  return (
    <Entrance title={t("title")}>
      {failed ? (
        <p role="alert" className="mb-4 rounded-lg bg-bad-soft px-3 py-2 text-bad">
          {failed === "unreachable" ? t("issuerUnreachable") : t("issuerRefused")}
        </p>
      ) : null}
      {offer?.provider === "oidc" ? (
        <Button asChild look="primary" size="large" className="mb-6 w-full justify-center">
          <a href={`${API_ORIGIN}/auth/oidc/start?next=${encodeURIComponent(next ?? "/")}`}>
            {t("with", { name: offer.name ?? "OpenID Connect" })}
          </a>
        </Button>
      ) : null}
      {offer?.provider === "clerk" ? (
        <p className="mb-4 rounded-lg bg-warn-soft px-3 py-2 text-warn">{t("clerkNotShown")}</p>
      ) : null}
      <PasswordSignIn />
      <div className="mt-4 flex flex-wrap justify-between gap-x-6">
        {offer?.can_reset_password ? (
          <Link href="/forgot-password" className="py-2 text-accent hover:underline">
            {t("forgot")}
          </Link>
        ) : null}
        {offer?.can_sign_up ? (
          <Link href="/sign-up" className="py-2 text-accent hover:underline">
            {t("signUp")}
          </Link>
        ) : null}
      </div>
      <p className="mt-6 text-[0.8125rem] text-muted">{t("hint")}</p>
      <p className="mt-2 h-5 text-[0.8125rem] text-muted">
        {config.data ? t("version", { version: config.data.version }) : null}
      </p>
    </Entrance>
  );
}

/** Address and password; the second factor's code once the password was right and it is asked for. */
function PasswordSignIn() {
  const t = useTranslations("signIn");
  const signIn = useSignIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [needsCode, setNeedsCode] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(
      { email: email.trim(), password, ...(code === "" ? {} : { code }) },
      {
        onError: (error) => {
          if (error instanceof ApiError && error.code === "second_factor_needed") setNeedsCode(true);
        },
      },
    );
  };
  const refusal = signIn.error instanceof ApiError ? signIn.error.code : null;
  const isWrong = refusal === "bad_credentials";
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField label={t("email")} type="email" autoComplete="username" value={email} onValue={setEmail} />
      <TextField
        label={t("password")}
        error={isWrong ? t("wrong") : undefined}
        type="password"
        autoComplete="current-password"
        value={password}
        onValue={setPassword}
      />
      {needsCode ? (
        <TextField
          label={t("code")}
          hint={t("codeHint")}
          autoFocus
          autoComplete="one-time-code"
          minLength={6}
          maxLength={40}
          value={code}
          onValue={setCode}
        />
      ) : null}
      <Button type="submit" look="primary" size="large" isBusy={signIn.isPending}>
        {t("submit")}
      </Button>
      <Refusal error={isWrong || refusal === "second_factor_needed" ? null : signIn.error} />
    </form>
  );
}
