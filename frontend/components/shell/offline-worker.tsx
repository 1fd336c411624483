"use client";

import { useEffect } from "react";

/** Lets the installed app open without a network; see public/sw.js. */
export function OfflineWorker() {
  useEffect(() => {
    if (process.env.NODE_ENV !== "production" || !("serviceWorker" in navigator)) return;
    // Without it (a private window, a disk that is full) the app works as any page does.
    navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  }, []);
  return null;
}
