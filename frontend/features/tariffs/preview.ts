export interface PreviewPrices {
  perKwh: string;
  perMinute: string;
  perSession: string;
  perIdleMinute: string;
  idleGraceMinutes: string;
}

export interface PreviewSession {
  energyKwh: number;
  minutes: number;
  idleMinutes: number;
}

/** About what a session would cost: a guide while prices are typed, never a bill. */
export function previewCost(prices: PreviewPrices, session: PreviewSession): number {
  const idle = Math.max(0, session.idleMinutes - (Number(prices.idleGraceMinutes) || 0));
  return (
    (Number(prices.perKwh) || 0) * session.energyKwh +
    (Number(prices.perMinute) || 0) * session.minutes +
    (session.energyKwh > 0 ? Number(prices.perSession) || 0 : 0) +
    (Number(prices.perIdleMinute) || 0) * idle
  );
}
