"use client";

import { useQuery } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";

import type { User } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/facts";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ErrorLine, Skeleton } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { EmailState } from "@/features/identity/email-state";
import { securityQuery } from "@/features/identity/queries";
import { SecondFactor } from "@/features/identity/second-factor";
import { SessionsList } from "@/features/identity/sessions-list";
import { AppChoices } from "@/features/profile/app-choices";
import { OwnIdTags } from "@/features/profile/own-id-tags";
import { PasswordForm } from "@/features/profile/password-form";
import { useChangeSelf } from "@/features/profile/queries";
import { useProfile, useSignOut } from "@/features/session/queries";

export function ProfilePage() {
  const t = useTranslations("driver.profile");
  const user = useProfile().data;
  const signOut = useSignOut();
  if (!user) return null;
  return (
    <div className="mx-auto flex max-w-xl flex-col gap-4">
      <h1 className="text-xl font-semibold tracking-tight">{t("title")}</h1>
      <Section title={t("person")}>
        <NameForm key={user.full_name} user={user} />
      </Section>
      <Section title={t("tags")}>
        <OwnIdTags />
      </Section>
      <Section title={t("app")}>
        <AppChoices />
      </Section>
      <SecuritySections />
      <Section title={t("data")}>
        <p className="max-w-prose">{t("erasure")}</p>
      </Section>
      <Button size="large" isBusy={signOut.isPending} onClick={() => signOut.mutate()}>
        <LogOut aria-hidden />
        {t("signOut")}
      </Button>
      <ErrorLine error={signOut.error} />
    </div>
  );
}

/** What only built-in accounts have: whoever signs in elsewhere is secured there. */
function SecuritySections() {
  const t = useTranslations("identity");
  const security = useQuery(securityQuery);
  return (
    <>
      {security.isPending ? <Skeleton className="h-64 w-full" /> : null}
      {security.data?.has_password ? (
        <>
          <Section title={t("passwordTitle")}>
            <PasswordForm />
          </Section>
          <Section title={t("factor.title")}>
            <SecondFactor />
          </Section>
        </>
      ) : null}
      <Section title={t("sessions.title")}>
        <SessionsList />
      </Section>
    </>
  );
}

function NameForm({ user }: { user: User }) {
  const t = useTranslations("driver.profile");
  const [name, setName] = useState(user.full_name);
  const change = useChangeSelf(user.id);
  const save = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ full_name: name.trim() }, { onSuccess: () => showToast("good", t("saved")) });
  };
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      <Field label={t("name")}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={200}
            autoComplete="name"
            className="h-11 text-base"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <div>
        <p className="text-[0.8125rem] font-medium">{t("email")}</p>
        <p className="mb-2 break-all">{user.email}</p>
        <EmailState />
      </div>
      <Button
        type="submit"
        size="large"
        isBusy={change.isPending}
        disabled={name.trim() === "" || name.trim() === user.full_name}
      >
        {t("save")}
      </Button>
      <ErrorLine error={change.error} />
    </form>
  );
}
