"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import type { MoneyView, ScannedCharger, User, Wallet } from "@/api/types";
import { walletQuery } from "@/features/wallet/queries";
import { cx } from "@/lib/classes";
import { useFormat } from "@/lib/format/use-format";

type Credit = ScannedCharger["credit"];

/** Whether the wallet may start here: above zero, credit line included, and not below the minimum. */
export function hasCredit(wallet: Wallet, credit: Credit): boolean {
  const available = Number(wallet.available.amount);
  const minimum = Number(credit.minimum_balance.amount);
  return available >= minimum && available - Math.min(minimum, 0) > 0;
}

/** What a start asks of the wallet, and what happens when a session uses it up. */
export function CreditNote({ credit, user }: { credit: Credit; user: User | null }) {
  const t = useTranslations("driver.charge");
  const format = useFormat();
  const wallet = useQuery({ ...walletQuery, enabled: user !== null }).data;
  if (user?.role === "ADMIN") return <p className="mb-4 text-muted">{t("staff")}</p>;
  const isEnough = wallet === undefined || hasCredit(wallet, credit);
  return (
    <section className="card mb-4 p-4">
      <h2 className="mb-1 text-muted">{t("terms")}</h2>
      {wallet ? (
        <p className={cx("text-base font-semibold", !isEnough && "text-bad")}>
          {t("yours", { available: format.money(wallet.available) })}
        </p>
      ) : null}
      {isEnough ? null : (
        <p role="alert" className="mt-1 text-bad">
          {t("tooLittle")}
        </p>
      )}
      <p className="mt-1">
        {isAboveZero(credit.minimum_balance)
          ? t("minimum", { minimum: format.money(credit.minimum_balance) })
          : t("some", { minimum: format.money(credit.minimum_balance) })}
      </p>
      {isAboveZero(credit.hold) ? (
        <p className="mt-1 text-muted">{t("hold", { hold: format.money(credit.hold) })}</p>
      ) : null}
    </section>
  );
}

function isAboveZero(money: MoneyView): boolean {
  return Number(money.amount) > 0;
}
