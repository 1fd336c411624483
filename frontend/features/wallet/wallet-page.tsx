"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronRight, WalletCards } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { Transfer } from "@/api/types";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { transferKind } from "@/features/transactions/timeline";
import { useProfile } from "@/features/session/queries";
import { transfersQuery, walletQuery } from "@/features/wallet/queries";
import { cx } from "@/lib/classes";
import { useFormat } from "@/lib/format/use-format";
import { useUrlState } from "@/lib/url-state";

export function WalletPage() {
  const t = useTranslations("wallet");
  const mine = useTranslations("driver.wallet");
  const ui = useTranslations("ui");
  const email = useProfile().data?.email;
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const page = Number(url.page) || 1;
  const hasHolds = url.holds === "1";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const wallet = useQuery(walletQuery);
  const transfers = useQuery({
    ...transfersQuery({ page, limit: 20, without_holds: !hasHolds }),
    placeholderData: keepPreviousData,
  });
  const error = wallet.error ?? transfers.error;
  const last = Math.ceil((transfers.data?.total ?? 0) / 20);
  if (error && !wallet.data) {
    return <ErrorState error={error} onRetry={() => void wallet.refetch()} />;
  }
  return (
    <>
      <h1 className="mb-4 text-xl font-semibold tracking-tight">{t("title")}</h1>
      <section className="card mb-5 px-5 py-6 text-center">
        <p className="text-muted">{t("available")}</p>
        <p className="flex h-14 items-center justify-center text-4xl font-semibold tracking-tight">
          {wallet.data ? format.money(wallet.data.available) : <Skeleton className="h-9 w-40" />}
        </p>
        <p className="min-h-5 text-muted">
          {wallet.data && Number(wallet.data.held.amount) !== 0
            ? mine("held", {
                held: format.money(wallet.data.held),
                balance: format.money(wallet.data.balance),
              })
            : null}
        </p>
      </section>
      {wallet.data && wallet.data.balance.amount.startsWith("-") ? (
        <p role="status" className="mb-5 rounded-lg bg-warn-soft px-4 py-3 text-warn">
          {mine("debt")}
        </p>
      ) : null}
      <section className="card mb-5 p-4">
        <h2 className="mb-1 font-semibold">{mine("howTitle")}</h2>
        <p>{mine("how")}</p>
        {email ? <p className="mt-2 text-muted">{mine("tell", { email })}</p> : null}
      </section>
      <h2 className="font-semibold">{t("history")}</h2>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-x-4">
        <p className="text-[0.8125rem] text-muted">{mine("zone", { zone })}</p>
        <Button look="quiet" className="-mx-3.5 h-11 text-accent" aria-pressed={hasHolds} onClick={() => setUrl({ holds: hasHolds ? "" : "1" })}>
          {hasHolds ? mine("hideHolds") : mine("showHolds")}
        </Button>
      </div>
      {!transfers.data ? (
        <Skeleton className="h-64 w-full" />
      ) : transfers.data.total === 0 ? (
        <EmptyState icon={<WalletCards aria-hidden />} title={t("empty")} hint={t("emptyHint")} />
      ) : (
        <ul className="card divide-y divide-line">
          {transfers.data.data.map((transfer) => (
            <TransferRow key={transfer.id} transfer={transfer} />
          ))}
        </ul>
      )}
      {last > 1 ? (
        <nav aria-label={ui("pages")} className="mt-4 flex justify-between">
          <Button disabled={page <= 1} onClick={() => setUrl({ page: String(page - 1) })}>
            {ui("previousPage")}
          </Button>
          <Button disabled={page >= last} onClick={() => setUrl({ page: String(page + 1) })}>
            {ui("nextPage")}
          </Button>
        </nav>
      ) : null}
    </>
  );
}

/** What a transfer did to what one can spend: a hold changes that, though not the balance. */
function spendable(transfer: Transfer) {
  const own = transfer.postings.find((posting) => posting.account === "wallet" && posting.user_id !== null);
  return own?.amount ?? transfer.amount;
}

function TransferRow({ transfer }: { transfer: Transfer }) {
  const t = useTranslations("transactions");
  const mine = useTranslations("driver.wallet");
  const format = useFormat();
  const amount = spendable(transfer);
  const isHold = transfer.kind === "hold" || transfer.kind === "release";
  const isGain = !amount.amount.startsWith("-");
  const row = (
    <>
      <span className="min-w-0 flex-1">
        <span className="block font-medium">
          {transfer.kind === "hold"
            ? mine("putAside")
            : transfer.kind === "release"
              ? mine("givenBack")
              : t(`transfers.${transferKind(transfer.kind)}`)}
        </span>
        <span className="block text-muted">{format.time(transfer.created_at)}</span>
        {transfer.transaction_id === null && transfer.note ? (
          <span className="block break-words text-muted">{transfer.note}</span>
        ) : null}
      </span>
      <span className={cx("font-semibold whitespace-nowrap", isHold ? "text-muted" : isGain && "text-good")}>
        {isGain ? "+" : ""}
        {format.money(amount)}
      </span>
    </>
  );
  const look = "flex min-h-16 items-center gap-3 px-4 py-3";
  if (transfer.transaction_id === null) return <li className={look}>{row}</li>;
  return (
    <li>
      <Link
        href={`/sessions/${transfer.transaction_id}`}
        className={cx(look, "hover:bg-sunken focus-visible:outline-offset-[-2px]")}
      >
        {row}
        <ChevronRight className="size-4 text-muted" aria-label={mine("toSession")} />
      </Link>
    </li>
  );
}
