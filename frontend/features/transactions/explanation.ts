interface CostLine {
  kind: string;
  sentence: string;
  amount: string;
}

export interface CostExplanation {
  sentence: string;
  lines: CostLine[];
  total: string | null;
  tax: string | null;
  currency: string | null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}

/** How a cost came about, as the bill recorded it; null when there is none yet. */
export function costExplanation(value: unknown): CostExplanation | null {
  const found = record(value);
  if (found === null) return null;
  const lines = Array.isArray(found.lines) ? found.lines.map(record).filter((line) => line !== null) : [];
  return {
    sentence: text(found.sentence) ?? "",
    total: text(found.total),
    tax: text(found.tax),
    currency: text(found.currency),
    lines: lines.map((line) => ({
      kind: text(line.kind) ?? "",
      sentence: text(line.sentence) ?? text(line.text) ?? "",
      amount: text(line.amount) ?? "",
    })),
  };
}

/** Why the energy is what it is, in a sentence. */
export function energySentence(value: unknown): string | null {
  return typeof value === "string" ? value : text(record(value)?.sentence);
}
