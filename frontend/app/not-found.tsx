"use client";

import { Compass } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/states";

export default function NotFound() {
  const t = useTranslations("shell");
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        icon={<Compass aria-hidden />}
        title={t("lost")}
        hint={t("lostHint")}
        action={
          <Button asChild look="primary">
            <Link href="/">{t("home")}</Link>
          </Button>
        }
      />
    </main>
  );
}
