import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";

export function findQuery(text: string) {
  return queryOptions({
    queryKey: ["search", text],
    queryFn: () => unwrap(api.GET("/api/admin/search", { params: { query: { q: text } } })),
    enabled: text !== "",
    staleTime: 10_000,
  });
}
