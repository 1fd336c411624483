"use client";

import { useTranslations } from "use-intl";

import type { TransactionDetail } from "@/api/types";
import { Facts } from "@/components/ui/facts";
import { costExplanation, energySentence } from "@/features/transactions/explanation";
import { useFormat } from "@/lib/format/use-format";

/** How each kWh and each cent came about. */
export function BillExplained({ transaction }: { transaction: TransactionDetail }) {
  const t = useTranslations("transactions");
  const format = useFormat();
  const cost = costExplanation(transaction.cost_explained);
  const energy = (energyWh: number | null) => (energyWh === null ? "–" : format.energy(energyWh));
  return (
    <div className="grid gap-6 md:grid-cols-2">
      <div>
        <h3 className="mb-2 font-medium">{t("energy")}</h3>
        <Facts
          facts={[
            [t("meterStart"), energy(transaction.meter_start_wh)],
            [t("meterStop"), energy(transaction.meter_stop_wh)],
            [t("energy"), <strong key="energy">{energy(transaction.energy_wh)}</strong>],
          ]}
        />
        <p className="mt-3 text-muted">{energySentence(transaction.energy_explained) ?? t("notYet")}</p>
      </div>
      <div>
        <h3 className="mb-2 font-medium">{t("cost")}</h3>
        {cost ? (
          <>
            <table className="w-full">
              <tbody>
                {cost.lines.map((line) => (
                  <tr key={line.kind + line.sentence} className="border-b border-line align-top">
                    <td className="py-2 pr-4">{line.sentence}</td>
                    <td className="py-2 text-right whitespace-nowrap">
                      {line.amount} {cost.currency}
                    </td>
                  </tr>
                ))}
                <tr>
                  <th scope="row" className="py-2 text-left font-semibold">{t("total")}</th>
                  <td className="py-2 text-right font-semibold">
                    {transaction.cost ? format.money(transaction.cost) : "–"}
                  </td>
                </tr>
              </tbody>
            </table>
            <p className="mt-2 text-muted">
              {cost.tax && cost.currency
                ? t("taxIncluded", { tax: format.money({ amount: cost.tax, currency: cost.currency }) })
                : null}
            </p>
          </>
        ) : (
          <p className="text-muted">{transaction.billing_error ?? t("noBill")}</p>
        )}
      </div>
    </div>
  );
}
