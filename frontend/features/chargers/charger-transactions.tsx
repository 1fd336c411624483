"use client";

import type { ChargerDetail } from "@/api/types";
import { TransactionsTable } from "@/features/transactions/transactions-table";
import { useUrlState } from "@/lib/url-state";

export function ChargerTransactions({ charger }: { charger: ChargerDetail }) {
  const [url, setUrl] = useUrlState();
  return <TransactionsTable url={url} onUrl={setUrl} fixed={{ charger_id: charger.id }} />;
}
