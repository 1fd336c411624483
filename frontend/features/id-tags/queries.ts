import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components, operations } from "@/api/schema";

type ListQuery = NonNullable<operations["list_all_api_admin_id_tags_get"]["parameters"]["query"]>;
export type NewIdTag = components["schemas"]["NewIdTagBody"];

export function idTagsQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ["id-tags", query],
    queryFn: () => unwrap(api.GET("/api/admin/id-tags", { params: { query } })),
  });
}

function useTagChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["id-tags"] }),
  });
}

/** Registers a tag, or replaces what is on record about one. */
export function useSaveIdTag(isNew: boolean) {
  return useTagChange((body: NewIdTag) => {
    const { id_tag, ...details } = body;
    return isNew
      ? unwrap(api.POST("/api/admin/id-tags", { body }))
      : unwrap(
          api.PUT("/api/admin/id-tags/{id_tag}", { params: { path: { id_tag } }, body: details }),
        );
  });
}

export function useDeleteIdTag() {
  return useTagChange((idTag: string) =>
    unwrap(api.DELETE("/api/admin/id-tags/{id_tag}", { params: { path: { id_tag: idTag } } })),
  );
}
