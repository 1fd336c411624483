import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components, operations } from "@/api/schema";

export type Fault = components["schemas"]["FaultView"];
type ListQuery = NonNullable<
  operations["of_one_api_admin_chargers__charger_id__faults_get"]["parameters"]["query"]
>;

export function chargerFaultsQuery(chargerId: number, query: ListQuery) {
  return queryOptions({
    queryKey: ["chargers", "faults", chargerId, query],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/chargers/{charger_id}/faults", {
          params: { path: { charger_id: chargerId }, query },
        }),
      ),
  });
}
