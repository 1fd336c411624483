import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";

export type Diagnosis = components["schemas"]["Diagnosed"];
export type DoctorFinding = Diagnosis["findings"][number];
export type Fix = NonNullable<DoctorFinding["fixes"]>[number];

export function doctorQuery(chargerId: number) {
  return queryOptions({
    queryKey: ["chargers", "doctor", chargerId],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/chargers/{charger_id}/doctor", {
          params: { path: { charger_id: chargerId } },
        }),
      ),
  });
}

/** Makes the request that a fix is; the server gave its address. */
function apply(fix: Fix): Promise<unknown> {
  const params = { path: { charger_id: 0 } };
  const body: unknown = fix.body ?? {};
  return fix.method === "PUT"
    ? unwrap(api.PUT(fix.path as "/api/admin/chargers/{charger_id}", { params, body: body as { name: string } }))
    : unwrap(api.POST(fix.path as "/api/admin/chargers/{charger_id}/reset", { params, body: body as { type: "Soft" } }));
}

export function useFix() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: apply,
    onSettled: () => {
      for (const subject of ["chargers", "operations"]) {
        void queries.invalidateQueries({ queryKey: [subject] });
      }
    },
  });
}
