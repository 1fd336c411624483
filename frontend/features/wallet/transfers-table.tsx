"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import type { Transfer } from "@/api/types";
import { type Column, DataTable } from "@/components/ui/data-table";
import { transferKind } from "@/features/transactions/timeline";
import { cx } from "@/lib/classes";
import { useFormat } from "@/lib/format/use-format";
import type { UrlState } from "@/lib/url-state";

interface TransfersProps {
  query: {
    data: { data: Transfer[]; total: number; page: number; limit: number } | undefined;
    error: Error | null;
    refetch: () => unknown;
  };
  url: UrlState;
  onUrl: (changes: Record<string, string>) => void;
  empty: ReactNode;
}

/** The ledger as an operator reads it: every transfer with what it did to the wallet. */
export function TransfersTable({ query, url, onUrl, empty }: TransfersProps) {
  const t = useTranslations("transactions");
  const words = useTranslations("wallet");
  const format = useFormat();
  const columns: Column<Transfer>[] = [
    { id: "at", label: words("at"), sort: "created_at", cell: (row) => format.time(row.created_at) },
    { id: "kind", label: words("kind"), sort: "kind", cell: (row) => t(`transfers.${transferKind(row.kind)}`) },
    { id: "note", label: words("note"), isMinor: true, cell: (row) => row.note || "–" },
    {
      id: "transaction",
      label: words("session"),
      isMinor: true,
      cell: (row) =>
        row.transaction_id === null ? (
          "–"
        ) : (
          <Link href={`/transactions/${row.transaction_id}`} className="hover:underline">
            {row.transaction_id}
          </Link>
        ),
    },
    {
      id: "amount",
      label: words("amount"),
      isNumber: true,
      cell: (row) => (
        <span className={cx("font-medium", !row.amount.amount.startsWith("-") && Number(row.amount.amount) > 0 && "text-good")}>
          {format.money(row.amount)}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={words("history")}
      columns={columns}
      query={query}
      rowKey={(row) => row.id}
      url={url}
      onUrl={onUrl}
      defaultSort="-id"
      empty={empty}
    />
  );
}
