import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { operations } from "@/api/schema";

type ListQuery = NonNullable<operations["sessions_api_sessions_get"]["parameters"]["query"]>;

const WATCH_MS = 5_000;

export function mySessionsQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ["my-sessions", "list", query],
    queryFn: () => unwrap(api.GET("/api/sessions", { params: { query } })),
    refetchInterval: query.open ? WATCH_MS : false,
  });
}

export function mySessionQuery(id: number) {
  return queryOptions({
    queryKey: ["my-sessions", "one", id],
    queryFn: () =>
      unwrap(api.GET("/api/sessions/{transaction_id}", { params: { path: { transaction_id: id } } })),
  });
}

export function receiptQuery(id: number, isBilled: boolean) {
  return queryOptions({
    queryKey: ["my-sessions", "receipt", id],
    queryFn: () =>
      unwrap(
        api.GET("/api/sessions/{transaction_id}/receipt", {
          params: { path: { transaction_id: id } },
        }),
      ),
    enabled: isBilled,
  });
}
