/** Which cached lists each kind of event makes stale; the first part of its name decides. */
const SUBJECTS: Record<string, string[]> = {
  charger: ["chargers", "stations", "overview", "map"],
  connector: ["chargers", "stations", "overview", "map"],
  transaction: ["transactions", "chargers", "overview", "my-sessions"],
  operation: ["operations", "chargers"],
  fault: ["chargers", "stations", "overview"],
  desk: ["desk", "overview"],
  bill: ["transactions", "my-sessions", "wallet", "users", "overview"],
  wallet: ["wallet", "users"],
};

export const ALL_SUBJECTS = [...new Set(Object.values(SUBJECTS).flat()), "messages"];

export function subjectsOf(eventName: string): string[] {
  if (eventName === "gap") return ALL_SUBJECTS;
  const subject = eventName.split(".")[0] ?? "";
  const stopped = eventName === "transaction.stopped" ? ["wallet", "users"] : [];
  return ["messages", ...(SUBJECTS[subject] ?? []), ...stopped];
}
