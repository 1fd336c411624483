import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { ListParams } from "@/lib/list-params";

export const walletQuery = queryOptions({
  queryKey: ["wallet", "balance"],
  queryFn: () => unwrap(api.GET("/api/wallet")),
});

export function transfersQuery(query: ListParams) {
  return queryOptions({
    queryKey: ["wallet", "transfers", query],
    queryFn: () => unwrap(api.GET("/api/wallet/transfers", { params: { query } })),
  });
}
