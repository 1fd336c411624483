"use client";

import { useEffect } from "react";

/** Lets the installed app open without a network; see public/sw.js. */
export function OfflineWorker() {
  useEffect(() => {
    if (process.env.NODE_ENV !== "production" || !("serviceWorker" in navigator)) return;
    // Without it (a private window, a disk that is full) the app works as any page does.
    navigator.serviceWorker.register("/sw.js").then(keepWhatIsLoaded, () => undefined);
  }, []);
  return null;
}

/** What came before the worker did, such as the words of this language, it has not seen. */
async function keepWhatIsLoaded(): Promise<void> {
  const worker = (await navigator.serviceWorker.ready).active;
  const urls = performance.getEntriesByType("resource").map((entry) => entry.name);
  worker?.postMessage({ keep: urls.filter((url) => url.includes("/_next/static/")) });
}
