"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import { Brand } from "@/components/shell/brand";
import { PreferencesMenu } from "@/components/shell/preferences-menu";

/** The frame of the pages that people see before they are signed in. */
export function Entrance({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col">
      <div className="flex justify-end p-3">
        <PreferencesMenu user={null} />
      </div>
      <div className="mx-auto mt-[6vh] w-full max-w-sm px-5 pb-10">
        <div className="mb-8 text-lg">
          <Brand />
        </div>
        <h1 className="mb-5 text-xl font-semibold tracking-tight">{title}</h1>
        {children}
      </div>
    </main>
  );
}

export function ToSignIn() {
  const t = useTranslations("identity");
  return (
    <p className="mt-6">
      <Link href="/sign-in" className="inline-block py-2 font-medium text-accent hover:underline">
        {t("toSignIn")}
      </Link>
    </p>
  );
}
