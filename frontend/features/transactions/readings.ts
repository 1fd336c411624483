import type { MeterValue } from "@/api/types";
import type { Point } from "@/components/ui/line-chart";

/** One measurand's total over time; phases and suspect values are left out of the drawing. */
export function seriesOf(readings: MeterValue[], measurand: string): Point[] {
  return readings
    .filter((reading) => reading.measurand === measurand && reading.phase === null && !reading.is_suspect)
    .map((reading) => ({ at: new Date(reading.timestamp).getTime(), value: Number(reading.value) }))
    .filter((point) => Number.isFinite(point.value))
    .sort((a, b) => a.at - b.at);
}

/** Energy since the start rather than the register's own figure. */
export function energySince(points: Point[], meterStartWh: number): Point[] {
  return points.map((point) => ({ ...point, value: point.value - meterStartWh }));
}
