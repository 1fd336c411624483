import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components, operations } from "@/api/schema";

export type Rule = components["schemas"]["RuleView"];
export type ModelLeniency = components["schemas"]["ModelView"];
type Body = components["schemas"]["ModelLeniencyBody"];
type ListQuery = NonNullable<
  operations["all_models_api_admin_leniency_models_get"]["parameters"]["query"]
>;

export const rulesQuery = queryOptions({
  queryKey: ["leniency", "rules"],
  queryFn: () => unwrap(api.GET("/api/admin/leniency-rules")),
});

export function modelsQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ["leniency", "models", query],
    queryFn: () => unwrap(api.GET("/api/admin/leniency-models", { params: { query } })),
  });
}

export function useSetModel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => unwrap(api.PUT("/api/admin/leniency-models", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["leniency"] }),
  });
}
