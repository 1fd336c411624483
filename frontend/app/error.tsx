"use client";

import { TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/states";

const RELOADED_KEY = "csms.reloaded-at";
const RELOAD_PAUSE_MS = 60_000;

/** A page that broke; when a part of it is gone because the app was updated, it loads anew by itself. */
export default function BrokenPage({ error }: { error: Error }) {
  const t = useTranslations("driver.broken");
  useEffect(() => {
    if (error.name !== "ChunkLoadError" || !navigator.onLine) return;
    const last = Number(sessionStorage.getItem(RELOADED_KEY) ?? 0);
    if (Date.now() - last < RELOAD_PAUSE_MS) return;
    sessionStorage.setItem(RELOADED_KEY, String(Date.now()));
    window.location.reload();
  }, [error]);
  return (
    <main role="alert" className="grid min-h-[60dvh] place-items-center">
      <EmptyState
        icon={<TriangleAlert aria-hidden />}
        title={t("title")}
        hint={t("hint")}
        action={
          <Button look="primary" size="large" onClick={() => window.location.reload()}>
            {t("reload")}
          </Button>
        }
      />
    </main>
  );
}
