"use client";

import { CircleAlert } from "lucide-react";
import { useTranslations } from "use-intl";

import { ApiError } from "@/api/client";
import { ErrorLine } from "@/components/ui/states";

const KNOWN = [
  "bad_credentials",
  "bad_mail_link",
  "bad_second_factor",
  "email_taken",
  "sign_up_closed",
  "too_many_tries",
  "weak_password",
] as const;

/** Why the server refused, in the reader's language where the reason is one of these screens'. */
export function Refusal({ error }: { error: Error | null }) {
  const t = useTranslations("identity.refused");
  const code = error instanceof ApiError ? KNOWN.find((one) => one === error.code) : undefined;
  if (code === undefined) return <ErrorLine error={error} />;
  return (
    <p role="alert" className="mt-3 flex gap-2 rounded-lg bg-bad-soft px-3 py-2 text-bad">
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span>{t(code)}</span>
    </p>
  );
}
