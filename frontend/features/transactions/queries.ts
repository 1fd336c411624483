import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components, operations } from "@/api/schema";

export type TransactionsFilter = NonNullable<
  operations["list_all_api_admin_transactions_get"]["parameters"]["query"]
>;
export type CloseBody = components["schemas"]["CloseBody"];

export function transactionsQuery(query: TransactionsFilter) {
  return queryOptions({
    queryKey: ["transactions", "list", query],
    queryFn: () => unwrap(api.GET("/api/admin/transactions", { params: { query } })),
  });
}

export function transactionQuery(id: number) {
  return queryOptions({
    queryKey: ["transactions", "one", id],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/transactions/{transaction_id}", {
          params: { path: { transaction_id: id } },
        }),
      ),
  });
}

export function meterValuesQuery(id: number) {
  return queryOptions({
    queryKey: ["transactions", "readings", id],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/transactions/{transaction_id}/meter-values", {
          params: { path: { transaction_id: id } },
        }),
      ),
  });
}

export function useStopTransaction(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/admin/transactions/{transaction_id}/stop", {
          params: { path: { transaction_id: id } },
          body: {},
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ["operations"] }),
  });
}

export function useCloseTransaction(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: CloseBody) =>
      unwrap(
        api.POST("/api/admin/transactions/{transaction_id}/close", {
          params: { path: { transaction_id: id } },
          body,
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["transactions"] }),
  });
}
