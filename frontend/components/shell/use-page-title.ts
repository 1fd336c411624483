import { useEffect } from "react";

/** Names the page in tab and history: its place, then the app. */
export function usePageTitle(place: string | undefined): void {
  useEffect(() => {
    document.title = place === undefined ? "CSMS" : `${place} · CSMS`;
  }, [place]);
}
