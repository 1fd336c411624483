"use client";

import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, ChevronsUpDown } from "lucide-react";
import { useRouter } from "next/navigation";
import type { MouseEvent, ReactNode } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { cx } from "@/lib/classes";
import { useFormat } from "@/lib/format/use-format";
import type { UrlState } from "@/lib/url-state";

export interface Column<Row> {
  id: string;
  label: string;
  /** The field that the server sorts by; without one the column is not sortable. */
  sort?: string;
  isNumber?: boolean;
  /** Left out on narrow screens. */
  isMinor?: boolean;
  cell: (row: Row) => ReactNode;
}

interface Page<Row> {
  data: Row[];
  total: number;
  page: number;
  limit: number;
}

interface TableProps<Row> {
  label: string;
  columns: Column<Row>[];
  query: { data: Page<Row> | undefined; error: Error | null; refetch: () => unknown };
  rowKey: (row: Row) => string | number;
  /** Where a row leads; its first cell must hold the same link for keyboards. */
  rowHref?: (row: Row) => string;
  url: UrlState;
  onUrl: (changes: Record<string, string>) => void;
  empty: ReactNode;
  defaultSort?: string;
}

const SKELETON_ROWS = 8;

/** A list whose paging and sorting the server does and the address keeps. */
export function DataTable<Row>(props: TableProps<Row>) {
  const { query, columns } = props;
  if (query.error !== null && query.data === undefined) {
    return (
      <div className="card">
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (query.data?.total === 0) return <div className="card">{props.empty}</div>;
  return (
    <div className="card overflow-hidden">
      <div className="overflow-x-auto">
        <table aria-label={props.label} aria-busy={query.data === undefined} className="w-full border-collapse">
          <thead>
            <tr className="border-b border-line">
              {columns.map((column) => (
                <Head key={column.id} column={column} {...props} />
              ))}
            </tr>
          </thead>
          <tbody>
            {query.data === undefined ? (
              <SkeletonRows columns={columns} />
            ) : (
              query.data.data.map((row) => <TableRow key={props.rowKey(row)} row={row} {...props} />)
            )}
          </tbody>
        </table>
      </div>
      <Pager page={query.data} onUrl={props.onUrl} />
    </div>
  );
}

const CELL = "h-11 px-4 text-left whitespace-nowrap max-md:px-3 max-md:first:whitespace-normal max-md:first:py-2";

function cellClass<Row>(column: Column<Row>): string {
  return cx(CELL, column.isNumber && "text-right", column.isMinor && "max-md:hidden");
}

function Head<Row>({ column, url, onUrl, defaultSort }: { column: Column<Row> } & TableProps<Row>) {
  const sort = url.sort ?? defaultSort ?? "";
  const isSorted = column.sort !== undefined && sort.replace(/^-/, "") === column.sort;
  const isDescending = isSorted && sort.startsWith("-");
  const direction = isSorted ? (isDescending ? "descending" : "ascending") : undefined;
  const Icon = isSorted ? (isDescending ? ArrowDown : ArrowUp) : ChevronsUpDown;
  return (
    <th scope="col" aria-sort={direction} className={cx(cellClass(column), "h-10 text-[0.8125rem] font-medium text-muted")}>
      {column.sort === undefined ? (
        column.label
      ) : (
        <button
          type="button"
          className={cx("inline-flex items-center gap-1 hover:text-text", isSorted && "text-text")}
          onClick={() => onUrl({ sort: isSorted && !isDescending ? `-${column.sort}` : (column.sort ?? "") })}
        >
          {column.label}
          <Icon className="size-3.5" aria-hidden />
        </button>
      )}
    </th>
  );
}

function TableRow<Row>({ row, columns, rowHref }: { row: Row } & TableProps<Row>) {
  const router = useRouter();
  const follow = (event: MouseEvent) => {
    const isOnControl = (event.target as HTMLElement).closest("a, button, input, label") !== null;
    if (rowHref && !isOnControl) router.push(rowHref(row));
  };
  return (
    <tr
      onClick={follow}
      className={cx(
        "border-b border-line last:border-0",
        rowHref && "cursor-pointer hover:bg-sunken",
      )}
    >
      {columns.map((column) => (
        <td key={column.id} className={cellClass(column)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

function SkeletonRows<Row>({ columns }: { columns: Column<Row>[] }) {
  return Array.from({ length: SKELETON_ROWS }, (_, index) => (
    <tr key={index} className="border-b border-line last:border-0">
      {columns.map((column) => (
        <td key={column.id} className={cellClass(column)}>
          <Skeleton className={cx("inline-block w-20", column.isNumber && "w-14")} />
        </td>
      ))}
    </tr>
  ));
}

interface PagerProps {
  page: { total: number; page: number; limit: number } | undefined;
  onUrl: (changes: Record<string, string>) => void;
}

function Pager({ page, onUrl }: PagerProps) {
  const t = useTranslations("ui");
  const format = useFormat();
  const first = page ? (page.page - 1) * page.limit + 1 : 0;
  const last = page ? Math.min(page.total, page.page * page.limit) : 0;
  return (
    <nav
      aria-label={t("pages")}
      className="no-print flex h-12 items-center justify-between gap-3 border-t border-line px-4 text-[0.8125rem] text-muted"
    >
      {page ? (
        <span>
          {t("range", {
            first: format.number(first),
            last: format.number(last),
            total: format.number(page.total),
          })}
        </span>
      ) : (
        <Skeleton />
      )}
      <span className="flex gap-1">
        <Button
          size="small"
          look="quiet"
          disabled={!page || page.page <= 1}
          aria-label={t("previousPage")}
          onClick={() => onUrl({ page: page && page.page > 2 ? String(page.page - 1) : "" })}
        >
          <ChevronLeft aria-hidden />
        </Button>
        <Button
          size="small"
          look="quiet"
          disabled={!page || last >= page.total}
          aria-label={t("nextPage")}
          onClick={() => onUrl({ page: page ? String(page.page + 1) : "" })}
        >
          <ChevronRight aria-hidden />
        </Button>
      </span>
    </nav>
  );
}
