"use client";

import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Says that the device has no network, and that what is shown may be old. */
export function OfflineBanner() {
  const t = useTranslations("shell");
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine, () => true);
  if (isOnline) return null;
  return (
    <p
      role="status"
      className="no-print sticky top-0 z-[1250] flex items-center justify-center gap-2 bg-warn-soft px-4 py-2 text-warn"
    >
      <WifiOff className="size-4" aria-hidden />
      {t("offline")}
    </p>
  );
}
