import { infiniteQueryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";

export interface LogFilter {
  action?: string;
  search?: string;
  outcome?: string;
}

/** A charger's messages of the last 24 hours, newest first, page by page. */
export function messagesQuery(chargerId: number, filter: LogFilter, isFollowing: boolean) {
  return infiniteQueryOptions({
    queryKey: [isFollowing ? "messages" : "messages-held", chargerId, filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/admin/chargers/{charger_id}/logs", {
          params: {
            path: { charger_id: chargerId },
            query: { ...filter, limit: 100, cursor: pageParam },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
