type LineKind = "energy" | "time" | "session" | "idle";

export interface BillLine {
  kind: LineKind;
  quantity: number;
  unit: string;
  price: string;
  amount: string;
}

export interface BillFacts {
  currency: string;
  tax: string | null;
  lines: BillLine[];
}

export type EnergyBasis = "meter_stop" | "transaction_end" | "last_register" | "operator" | "unreconciled";

const KINDS: readonly string[] = ["energy", "time", "session", "idle"];
const BASES: readonly string[] = ["meter_stop", "transaction_end", "last_register", "operator", "unreconciled"];

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}

/** Decimals come as text, and as numbers where the server kept them short. */
function decimal(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "0";
}

/** The lines of a bill as the server recorded them; null where there is none. */
export function billFacts(value: unknown): BillFacts | null {
  const found = record(value);
  if (found === null || typeof found.currency !== "string" || !Array.isArray(found.lines)) return null;
  const lines = found.lines.map(record).filter((line) => line !== null && KINDS.includes(String(line.kind)));
  return {
    currency: found.currency,
    tax: found.tax === undefined || found.tax === null ? null : decimal(found.tax),
    lines: lines.map((line) => ({
      kind: line?.kind as LineKind,
      quantity: Number(line?.quantity),
      unit: String(line?.unit),
      price: decimal(line?.price),
      amount: decimal(line?.amount),
    })),
  };
}

/** What the energy rests on; null where the server did not say. */
export function energyBasis(value: unknown): EnergyBasis | null {
  const basis = record(value)?.basis;
  return typeof basis === "string" && BASES.includes(basis) ? (basis as EnergyBasis) : null;
}
