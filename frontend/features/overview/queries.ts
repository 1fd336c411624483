import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";

const REFRESH_MS = 30_000;

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: () => {
    const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return unwrap(api.GET("/api/admin/overview", { params: { query: { time_zone } } }));
  },
  refetchInterval: REFRESH_MS,
});
