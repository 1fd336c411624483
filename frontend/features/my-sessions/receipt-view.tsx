"use client";

import { useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useTranslations } from "use-intl";

import type { Receipt, TransactionDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Facts } from "@/components/ui/facts";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { type BillLine, billFacts } from "@/features/my-sessions/bill-lines";
import { EnergyMeasured } from "@/features/my-sessions/energy-measured";
import { receiptQuery } from "@/features/my-sessions/queries";
import { useFormat } from "@/lib/format/use-format";

/** The receipt, to keep or print; its times are those of the station. */
export function ReceiptView({ session }: { session: TransactionDetail }) {
  const t = useTranslations("receipt");
  const mine = useTranslations("driver.receipt");
  const words = useTranslations("transactions");
  const ui = useTranslations("ui");
  const format = useFormat();
  const receipt = useQuery(receiptQuery(session.id, true));
  if (receipt.isError && !receipt.data) {
    return <ErrorState error={receipt.error} onRetry={() => void receipt.refetch()} />;
  }
  if (!receipt.data) return <Skeleton className="h-[40rem] w-full" />;
  const bill = receipt.data;
  const zone = bill.time_zone;
  const moment = (at: string) => `${format.time(at, "moment", zone)} (${format.zone(at, zone)})`;
  return (
    <article className="card p-5 print:border-0 print:p-0">
      <header className="mb-4 text-center">
        <h1 className="text-lg font-semibold">{t("title")}</h1>
        <p className="text-muted">{bill.seller}</p>
        <p data-testid="total" className="mt-4 text-4xl font-semibold tracking-tight">
          {format.money(bill.cost)}
        </p>
        <p className="mt-1 text-muted">{format.energy(bill.energy_wh)}</p>
      </header>
      <Facts
        className="border-t border-line pt-4"
        facts={[
          [t("number"), String(bill.transaction_id)],
          [words("station"), `${bill.station_name}, ${bill.address}`],
          [words("charger"), `${bill.charge_point_id} · ${bill.connector_id}`],
          [words("started"), moment(bill.started_at)],
          [words("stopped"), moment(bill.stopped_at)],
          [mine("billed"), bill.billed_at ? moment(bill.billed_at) : null],
          [mine("tariff"), bill.tariff?.name],
        ]}
      />
      <p className="mt-3 text-[0.8125rem] text-muted">{mine("zone", { zone })}</p>
      <PriceLines bill={bill} />
      <EnergyMeasured session={session} />
      <Button size="large" className="no-print mt-5 w-full" onClick={() => window.print()}>
        <Printer aria-hidden />
        {ui("print")}
      </Button>
    </article>
  );
}

function PriceLines({ bill }: { bill: Receipt }) {
  const t = useTranslations("driver.receipt");
  const words = useTranslations("transactions");
  const format = useFormat();
  const facts = billFacts(bill.cost_explained);
  if (facts === null) return null;
  return (
    <table className="mt-4 w-full border-t border-line">
      <tbody>
        {facts.lines.map((line) => (
          <LineRow key={line.kind} line={line} currency={facts.currency} />
        ))}
        <tr className="border-t border-line text-base font-semibold">
          <th scope="row" className="py-2 text-left">
            {words("total")}
          </th>
          <td className="py-2 text-right">{format.money(bill.cost)}</td>
        </tr>
        {facts.tax === null ? null : (
          <tr className="text-muted">
            <th scope="row" className="pb-2 text-left font-normal">
              {t("tax")}
              {bill.tariff?.tax_percent ? ` (${format.number(Number(bill.tariff.tax_percent), 2)} %)` : ""}
            </th>
            <td className="pb-2 text-right">
              {format.money({ amount: facts.tax, currency: facts.currency })}
            </td>
          </tr>
        )}
      </tbody>
      <caption className="caption-bottom pt-1 text-left text-[0.8125rem] text-muted">{t("rounding")}</caption>
    </table>
  );
}

function LineRow({ line, currency }: { line: BillLine; currency: string }) {
  const t = useTranslations("driver.receipt");
  const format = useFormat();
  const unit = line.kind === "energy" ? t("units.kWh") : line.kind === "session" ? "" : t("units.min");
  const quantity = `${format.number(line.quantity, 6)} ${unit}`.trim();
  return (
    <tr className="align-top">
      <th scope="row" className="py-2 pr-3 text-left font-normal">
        {t(`line.${line.kind}`)}
        <span className="block text-muted">
          {t("quantity", { quantity, price: format.price(line.price, currency) })}
        </span>
      </th>
      <td className="py-2 text-right whitespace-nowrap">{format.price(line.amount, currency)}</td>
    </tr>
  );
}
