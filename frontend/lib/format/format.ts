// The one place where numbers, money, energy and time become text. Pure: locale and zone are given.

export interface Money {
  amount: string;
  currency: string;
}

export type TimeStyle = "time" | "date" | "moment" | "second" | "day";

const STYLES: Record<TimeStyle, Intl.DateTimeFormatOptions> = {
  time: { hour: "2-digit", minute: "2-digit" },
  date: { dateStyle: "medium" },
  moment: { dateStyle: "medium", timeStyle: "short" },
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 },
  day: { weekday: "short", day: "numeric", month: "short" },
};

const numberFormats = new Map<string, Intl.NumberFormat>();
const timeFormats = new Map<string, Intl.DateTimeFormat>();

function numbers(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const known = numberFormats.get(key) ?? new Intl.NumberFormat(locale, options);
  numberFormats.set(key, known);
  return known;
}

/** A decimal string goes to the formatter as text, so that no digit is lost to a float. */
export function formatMoney(money: Money, locale: string): string {
  const options: Intl.NumberFormatOptions = { style: "currency", currency: money.currency };
  return numbers(locale, options).format(money.amount as `${number}`);
}

/** A price with all its digits, two at the least. */
export function formatPrice(amount: string, currency: string, locale: string): string {
  const digits = amount.split(".")[1]?.length ?? 0;
  return numbers(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: Math.max(2, digits),
  }).format(amount as `${number}`);
}

export function formatNumber(value: number, locale: string, digits = 0): string {
  return numbers(locale, { maximumFractionDigits: digits }).format(value);
}

/** Watt-hours in the unit that reads best. */
export function formatEnergy(energyWh: number, locale: string): string {
  if (Math.abs(energyWh) < 1_000) return `${formatNumber(energyWh, locale)} Wh`;
  if (Math.abs(energyWh) < 1_000_000) {
    const options = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    return `${numbers(locale, options).format(energyWh / 1_000)} kWh`;
  }
  return `${formatNumber(energyWh / 1_000_000, locale, 2)} MWh`;
}

/** Watts in the unit that reads best. */
export function formatPower(powerW: number, locale: string): string {
  if (Math.abs(powerW) < 1_000) return `${formatNumber(powerW, locale)} W`;
  const options = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${numbers(locale, options).format(powerW / 1_000)} kW`;
}

/** What a connector can give, in kilowatts: a nominal figure has no more digits than it was given. */
export function formatRatedPower(powerKw: number, locale: string): string {
  return `${formatNumber(powerKw, locale, 1)} kW`;
}

export function formatTime(
  moment: string | Date,
  locale: string,
  style: TimeStyle,
  timeZone?: string,
): string {
  const key = `${locale} ${style} ${timeZone ?? ""}`;
  const format = timeFormats.get(key) ?? new Intl.DateTimeFormat(locale, { ...STYLES[style], timeZone });
  timeFormats.set(key, format);
  return format.format(new Date(moment));
}

/** The short name of a zone at a moment, such as GMT+1. */
export function zoneName(moment: string | Date, locale: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "short" });
  const found = parts.formatToParts(new Date(moment)).find((part) => part.type === "timeZoneName");
  return found?.value ?? timeZone;
}

/** Seconds as hours and minutes, or minutes and seconds. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, "0")} min`;
  if (minutes > 0) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${whole} s`;
}

/** How long ago, in words of the locale; a clock that runs ahead makes nothing future. */
export function formatAgo(moment: string | Date, now: Date, locale: string): string {
  const seconds = Math.min(0, Math.round((new Date(moment).getTime() - now.getTime()) / 1000));
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const size = Math.abs(seconds);
  if (size < 60) return words.format(seconds, "second");
  if (size < 3600) return words.format(Math.round(seconds / 60), "minute");
  if (size < 86_400) return words.format(Math.round(seconds / 3600), "hour");
  return words.format(Math.round(seconds / 86_400), "day");
}
