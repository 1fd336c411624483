import type { OwnRequest } from "@/api/types";

/** Where the newest start at a charger stands, as the server knows it. */
export type StartState =
  | { step: "none" }
  | { step: "asked" | "agreed"; request: OwnRequest }
  | { step: "begun"; request: OwnRequest; sessionId: number }
  | { step: "failed"; request: OwnRequest; why: "refused" | "silent" | "gone" | "expired" | "broken" };

/** How long a failure is worth telling to somebody who stands at the charger. */
const TOLD_MS = 3 * 60_000;
const NOT_CONNECTED = new Set(["not_connected", "held_pending"]);

/** Accepted is not begun: the session is there once the charger has reported it. */
export function startState(
  requests: readonly OwnRequest[],
  chargePointId: string,
  dismissed: number | null,
  now: Date,
): StartState {
  const request = requests.find(
    (candidate) => candidate.kind === "start" && candidate.charge_point_id === chargePointId,
  );
  if (request === undefined || request.operation_id === dismissed) return { step: "none" };
  if (request.transaction_id !== null) {
    return { step: "begun", request, sessionId: request.transaction_id };
  }
  if (request.status === "REQUESTED" || request.status === "SENT") return { step: "asked", request };
  if (request.status === "ANSWERED" && request.charger_status === "Accepted") {
    return { step: "agreed", request };
  }
  const settledAt = new Date(request.settled_at ?? request.requested_at);
  if (now.getTime() - settledAt.getTime() > TOLD_MS) return { step: "none" };
  return { step: "failed", request, why: reasonOf(request) };
}

function reasonOf(request: OwnRequest) {
  if (request.status === "EXPIRED") return "expired";
  if (request.status === "ANSWERED") return "refused";
  if (request.status === "TIMED_OUT" || request.error_code === "connection_lost") return "silent";
  return NOT_CONNECTED.has(request.error_code ?? "") ? "gone" : "broken";
}

export type StopState =
  | { step: "none" }
  | { step: "asking" | "accepted" }
  | { step: "failed"; why: "refused" | "silent" | "gone" };

/** Where the newest request to stop a session stands. */
export function stopState(requests: readonly OwnRequest[], sessionId: number, now: Date): StopState {
  const request = requests.find(
    (candidate) => candidate.kind === "stop" && candidate.transaction_id === sessionId,
  );
  if (request === undefined) return { step: "none" };
  if (request.status === "REQUESTED" || request.status === "SENT") return { step: "asking" };
  if (request.status === "ANSWERED" && request.charger_status === "Accepted") return { step: "accepted" };
  const settledAt = new Date(request.settled_at ?? request.requested_at);
  if (now.getTime() - settledAt.getTime() > TOLD_MS) return { step: "none" };
  const why = reasonOf(request);
  return { step: "failed", why: why === "gone" || why === "silent" ? why : "refused" };
}
