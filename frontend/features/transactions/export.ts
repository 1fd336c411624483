import { api, unwrap } from "@/api/client";
import type { TransactionsFilter } from "@/features/transactions/queries";
import { saveFile } from "@/lib/save-file";

/** Saves every transaction of the filter as CSV, not only the page that is shown. */
export async function exportTransactions(filter: TransactionsFilter): Promise<void> {
  const answer = api.GET("/api/admin/transactions", {
    params: { query: { ...filter, format: "csv" } },
    parseAs: "blob",
  });
  saveFile("transactions.csv", "text/csv", await unwrap(answer));
}
