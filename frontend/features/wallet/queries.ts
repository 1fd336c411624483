import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { operations } from "@/api/schema";

type TransfersParams = NonNullable<operations["transfers_api_wallet_transfers_get"]["parameters"]["query"]>;

export const walletQuery = queryOptions({
  queryKey: ["wallet", "balance"],
  queryFn: () => unwrap(api.GET("/api/wallet")),
});

export function transfersQuery(query: TransfersParams) {
  return queryOptions({
    queryKey: ["wallet", "transfers", query],
    queryFn: () => unwrap(api.GET("/api/wallet/transfers", { params: { query } })),
  });
}
