import { useMemo } from "react";
import { useLocale } from "use-intl";

import {
  formatAgo,
  formatDuration,
  formatEnergy,
  formatMoney,
  formatNumber,
  formatPower,
  formatPrice,
  formatRatedPower,
  formatTime,
  type Money,
  type TimeStyle,
  zoneName,
} from "@/lib/format/format";

/** The language in use as the browser's owner speaks it: English of Britain writes other dates. */
function regional(locale: string): string {
  if (typeof navigator === "undefined") return locale;
  return navigator.languages.find((tag) => tag === locale || tag.startsWith(`${locale}-`)) ?? locale;
}

/** The format module in the language in use. */
export function useFormat() {
  const locale = regional(useLocale());
  return useMemo(
    () => ({
      money: (money: Money) => formatMoney(money, locale),
      price: (amount: string, currency: string) => formatPrice(amount, currency, locale),
      number: (value: number, digits?: number) => formatNumber(value, locale, digits),
      energy: (energyWh: number) => formatEnergy(energyWh, locale),
      power: (powerW: number) => formatPower(powerW, locale),
      ratedPower: (powerKw: number) => formatRatedPower(powerKw, locale),
      time: (moment: string | Date, style: TimeStyle = "moment", timeZone?: string) =>
        formatTime(moment, locale, style, timeZone),
      zone: (moment: string | Date, timeZone: string) => zoneName(moment, locale, timeZone),
      duration: formatDuration,
      ago: (moment: string | Date, now: Date) => formatAgo(moment, now, locale),
    }),
    [locale],
  );
}
