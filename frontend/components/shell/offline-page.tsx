"use client";

import { WifiOff } from "lucide-react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/states";

/** Stands where a page would be that was never opened with a network. */
export function OfflinePage() {
  const t = useTranslations("driver.offline");
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        icon={<WifiOff aria-hidden />}
        title={t("title")}
        hint={t("hint")}
        action={
          <Button look="primary" size="large" onClick={() => window.location.reload()}>
            {t("retry")}
          </Button>
        }
      />
    </main>
  );
}
