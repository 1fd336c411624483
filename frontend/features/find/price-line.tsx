"use client";

import { useTranslations } from "use-intl";

import type { PublicPrice } from "@/api/types";
import { useFormat } from "@/lib/format/use-format";

/** A price with all its parts, tax included. */
export function PriceLine({ price }: { price: PublicPrice | null }) {
  const t = useTranslations("find");
  const format = useFormat();
  if (price === null) return <p className="text-muted">{t("noPrice")}</p>;
  const amount = (value: string) => format.price(value, price.currency);
  const more = [
    price.price_per_session && t("pricePerSession", { price: amount(price.price_per_session) }),
    price.price_per_minute && t("pricePerMinute", { price: amount(price.price_per_minute) }),
    price.idle_price_per_minute &&
      t("pricePerIdle", {
        price: amount(price.idle_price_per_minute),
        minutes: String(price.idle_grace_minutes ?? 0),
      }),
  ].filter((part) => part);
  return (
    <p>
      <strong className="text-base font-semibold">{t("pricePerKwh", { price: amount(price.price_per_kwh) })}</strong>
      {more.map((part) => (
        <span key={part} className="block text-muted">
          + {part}
        </span>
      ))}
    </p>
  );
}
