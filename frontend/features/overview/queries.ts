import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";

const REFRESH_MS = 30_000;

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: () => unwrap(api.GET("/api/admin/overview")),
  refetchInterval: REFRESH_MS,
});
