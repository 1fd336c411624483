import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { operations } from "@/api/schema";
import type { OperationName } from "@/features/operations/catalog";
import type { Evidence } from "@/features/operations/evidence";

type ListQuery = NonNullable<operations["list_all_api_admin_operations_get"]["parameters"]["query"]>;

export function operationsQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ["operations", "list", query],
    queryFn: () => unwrap(api.GET("/api/admin/operations", { params: { query } })),
  });
}

export interface AskedOperation {
  name: OperationName;
  body: Record<string, unknown>;
}

/** All operations have one answer; the body was made from the operation's own fields. */
function ask(chargerId: number, { name, body }: AskedOperation) {
  const path = `/api/admin/chargers/{charger_id}/${name}` as "/api/admin/chargers/{charger_id}/reset";
  return unwrap(
    api.POST(path, { params: { path: { charger_id: chargerId } }, body: body as { type: "Soft" } }),
  );
}

export function useAskCharger(chargerId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (asked: AskedOperation) => ask(chargerId, asked),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ["operations"] });
      void queries.invalidateQueries({ queryKey: ["chargers", "one", chargerId] });
    },
  });
}

interface RawRequest {
  action: string;
  payload: Record<string, unknown>;
}

export function useRawRequest(chargePointId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: RawRequest) =>
      unwrap(
        api.POST("/api/charge-points/{charge_point_id}/request", {
          params: { path: { charge_point_id: chargePointId } },
          body,
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ["operations"] }),
  });
}

/** All requests that we may send, with the schemas that their forms are made of. */
export const actionsQuery = queryOptions({
  queryKey: ["actions"],
  queryFn: () =>
    unwrap(api.GET("/api/admin/actions", { params: { query: { sender: "central_system" } } })),
  staleTime: Infinity,
});

const EVIDENCE_EVERY_MS = 3_000;

/** Whether a later message of the charger has shown that the operation happened. */
export function evidenceQuery(chargerId: number, operationId: number | null, evidence: Evidence | null) {
  return queryOptions({
    queryKey: ["messages", "evidence", chargerId, operationId],
    enabled: operationId !== null && evidence !== null,
    queryFn: async () => {
      const operation = await unwrap(
        api.GET("/api/admin/operations/{operation_id}", {
          params: { path: { operation_id: operationId ?? 0 } },
        }),
      );
      const found = await unwrap(
        api.GET("/api/admin/chargers/{charger_id}/logs", {
          params: {
            path: { charger_id: chargerId },
            query: { action: evidence?.action, direction: "IN", kind: "CALL", from: operation.requested_at },
          },
        }),
      );
      return found.data.some((message) => evidence?.fits((message.payload ?? {}) as Record<string, unknown>));
    },
    refetchInterval: ({ state }) => (state.data === true ? false : EVIDENCE_EVERY_MS),
  });
}
