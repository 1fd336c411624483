import type { UrlState } from "@/lib/url-state";

export interface ListParams {
  page?: number;
  limit?: number;
  search?: string;
  sort?: string;
}

/** Paging, search and sorting of a list as its address says. */
export function listParams(url: UrlState, limit = 25): ListParams {
  const page = Number(url.page ?? "1");
  return {
    page: Number.isInteger(page) && page > 0 ? page : 1,
    limit,
    search: url.search || undefined,
    sort: url.sort || undefined,
  };
}

/** The value of a filter when it is one of those that exist, otherwise none. */
export function oneOf<Value extends string>(
  value: string | undefined,
  known: readonly Value[],
): Value | undefined {
  return known.find((candidate) => candidate === value);
}

/** The day that a moment falls on here, as the address has it (2026-03-14). */
export function localDay(moment: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** A day of the address (2026-03-14) as the moment at which it begins here. */
export function startOfDay(day: string | undefined, plusDays = 0): string | undefined {
  if (!day || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const moment = new Date(`${day}T00:00:00`);
  if (Number.isNaN(moment.getTime())) return undefined;
  moment.setDate(moment.getDate() + plusDays);
  return moment.toISOString();
}
