import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";

export type MaintenanceJob = components["schemas"]["MaintenanceJobView"];
const WATCH_MS = 5_000;

export function maintenanceJobsQuery(chargerId: number) {
  return queryOptions({
    queryKey: ["maintenance", "list", chargerId],
    queryFn: () =>
      unwrap(api.GET("/api/admin/maintenance-jobs", { params: { query: { charger_id: chargerId, limit: 50 } } })),
    refetchInterval: WATCH_MS,
  });
}

export function maintenanceJobQuery(id: number) {
  return queryOptions({
    queryKey: ["maintenance", "one", id],
    queryFn: () =>
      unwrap(api.GET("/api/admin/maintenance-jobs/{job_id}", { params: { path: { job_id: id } } })),
  });
}
