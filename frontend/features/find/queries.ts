import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";

const REFRESH_MS = 20_000;

export function publicStationsQuery(search: string) {
  return queryOptions({
    queryKey: ["map", "stations", search],
    queryFn: () =>
      unwrap(
        api.GET("/api/stations", {
          params: { query: { limit: 100, search: search || undefined } },
        }),
      ),
    refetchInterval: REFRESH_MS,
  });
}

export function scannedChargerQuery(chargePointId: string) {
  return queryOptions({
    queryKey: ["map", "charger", chargePointId],
    queryFn: () =>
      unwrap(
        api.GET("/api/chargers/{charge_point_id}", {
          params: { path: { charge_point_id: chargePointId } },
        }),
      ),
    refetchInterval: REFRESH_MS,
  });
}
