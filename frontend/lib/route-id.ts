"use client";

import { usePathname } from "next/navigation";

/** The last part of the address: a page exported once serves every id. */
export function useRouteId(): string {
  const path = usePathname();
  return decodeURIComponent(path.replace(/\/$/, "").split("/").at(-1) ?? "");
}

/** As a number; 0, which no row has, for anything else. */
export function useRouteNumber(): number {
  const id = Number(useRouteId());
  return Number.isSafeInteger(id) && id > 0 ? id : 0;
}
