import { infiniteQueryOptions, useMutation } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { operations } from "@/api/schema";

type LogQuery = NonNullable<operations["search_all_api_admin_messages_get"]["parameters"]["query"]>;
export type LogFilter = Omit<LogQuery, "cursor" | "limit">;

const PAGE = 100;

/** Messages, newest first, page by page; held ones are left alone by what happens meanwhile. */
export function messagesQuery(filter: LogFilter, isFollowing: boolean) {
  return infiniteQueryOptions({
    queryKey: [isFollowing ? "messages" : "messages-held", filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/admin/messages", {
          params: { query: { ...filter, limit: PAGE, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

interface Frame {
  frame: string;
  answer_to?: string;
}

/** What a frame is, whether it is valid, and which rule it breaks. */
export function useExplanation() {
  return useMutation({
    mutationFn: (body: Frame) => unwrap(api.POST("/api/admin/messages/explain", { body })),
  });
}
