import type { CompositeAnswer, CompositeSchedule } from "@/features/smart-charging/queries";

/** A limit that holds from `from` to `to`, in seconds from the schedule's start; null: none. */
export interface Stretch {
  from: number;
  to: number;
  limit: number | null;
}

function stretches(starts: { at: number; limit: number | null }[], durationS: number): Stretch[] {
  return starts
    .map((one, index) => ({ from: one.at, to: starts[index + 1]?.at ?? durationS, limit: one.limit }))
    .filter((one) => one.to > one.from);
}

export function computedSteps(schedule: CompositeSchedule): Stretch[] {
  const starts = schedule.periods.map((one) => ({ at: one.start_period_s, limit: one.limit }));
  return stretches(starts, schedule.duration_s);
}

interface WireSchedule {
  duration?: number;
  chargingSchedulePeriod?: { startPeriod: number; limit: number }[];
}

/** What the charger told, out of its answer as it stands on the wire. */
export function toldSteps(answer: CompositeAnswer, durationS: number): Stretch[] {
  const response = answer.response as { chargingSchedule?: WireSchedule } | null;
  const schedule = response?.chargingSchedule;
  const starts = (schedule?.chargingSchedulePeriod ?? []).map((one) => ({
    at: one.startPeriod,
    limit: one.limit,
  }));
  return stretches(starts, schedule?.duration ?? durationS);
}
