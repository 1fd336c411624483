import type { TransactionsFilter } from "@/features/transactions/queries";
import { listParams, oneOf, startOfDay } from "@/lib/list-params";
import type { UrlState } from "@/lib/url-state";

export const STATUSES = ["ACTIVE", "PENDING_RECONCILIATION", "ENDED"] as const;
export const BILLING_STATUSES = ["BILLED", "PENDING", "FAILED", "NOT_BILLABLE"] as const;

/** The filter that an address stands for; its days are days here, the API's are moments. */
export function transactionsFilter(url: UrlState): TransactionsFilter {
  return {
    ...listParams(url),
    status: oneOf(url.status, STATUSES),
    billing_status: oneOf(url.billing, BILLING_STATUSES),
    station_id: Number(url.station) || undefined,
    open: url.open === "true" ? true : undefined,
    from: startOfDay(url.from),
    to: startOfDay(url.to, 1),
    ended_from: startOfDay(url.ended),
    ended_to: startOfDay(url.ended, 1),
  };
}
