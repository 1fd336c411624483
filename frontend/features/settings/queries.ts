import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";

export type OrganizationBody = components["schemas"]["OrganizationChanges"];

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: () => unwrap(api.GET("/api/admin/settings")),
});

export function useSaveOrganization() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: OrganizationBody) => unwrap(api.PUT("/api/admin/settings", { body })),
    onSuccess: (settings) => {
      queries.setQueryData(settingsQuery.queryKey, settings);
      void queries.invalidateQueries({ queryKey: ["config"] });
    },
  });
}
