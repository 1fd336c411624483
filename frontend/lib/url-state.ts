"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";

export type UrlState = Readonly<Record<string, string>>;

/**
 * State of a list that lives in the address, so that it survives reload, back and sharing.
 * An empty value leaves the address; another value than the page's brings back page 1.
 */
export function useUrlState(): [UrlState, (changes: Record<string, string>) => void] {
  const params = useSearchParams();
  const path = usePathname();
  const state = Object.fromEntries(params.entries());
  const change = useCallback(
    (changes: Record<string, string>) => {
      const next = new URLSearchParams(window.location.search);
      if (!("page" in changes)) next.delete("page");
      for (const [name, value] of Object.entries(changes)) {
        if (value === "") next.delete(name);
        else next.set(name, value);
      }
      const query = next.toString();
      window.history.replaceState(null, "", query ? `${path}?${query}` : path);
    },
    [path],
  );
  return [state, change];
}
