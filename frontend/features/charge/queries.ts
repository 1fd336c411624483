import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, ApiError, unwrap } from "@/api/client";

const WATCH_MS = 2_000;
const CALM_MS = 15_000;
/** The server waits this long for the charger's answer; the request itself lives on. */
const WAIT_S = 10;

/** What I asked of chargers lately: this is how a reloaded page finds its way. */
export function ownRequestsQuery(isWatching: boolean) {
  return queryOptions({
    queryKey: ["my-sessions", "requests"],
    queryFn: () => unwrap(api.GET("/api/requests")),
    refetchInterval: isWatching ? WATCH_MS : CALM_MS,
  });
}

/** Whether the failure is told by the request that it left behind. */
export function isOnRecord(error: Error | null): boolean {
  return error instanceof ApiError && "operation_id" in error.problem;
}

export function useStartCharging(chargePointId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (connectorId: number) =>
      unwrap(
        api.POST("/api/chargers/{charge_point_id}/start", {
          params: { path: { charge_point_id: chargePointId } },
          body: { connector_id: connectorId, wait_s: WAIT_S },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ["my-sessions"] }),
  });
}

export function useStopCharging(sessionId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/sessions/{transaction_id}/stop", {
          params: { path: { transaction_id: sessionId } },
          body: { wait_s: WAIT_S },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ["my-sessions"] }),
  });
}
