import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components, operations } from "@/api/schema";

type ListQuery = NonNullable<operations["list_all_api_admin_chargers_get"]["parameters"]["query"]>;
export type NewCharger = components["schemas"]["NewChargerBody"];
export type ChargerBody = components["schemas"]["ChargerChanges"];

export function chargersQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ["chargers", "list", query],
    queryFn: () => unwrap(api.GET("/api/admin/chargers", { params: { query } })),
  });
}

export function chargerQuery(id: number) {
  return queryOptions({
    queryKey: ["chargers", "one", id],
    queryFn: () =>
      unwrap(api.GET("/api/admin/chargers/{charger_id}", { params: { path: { charger_id: id } } })),
  });
}

const WATCH_MS = 3_000;

/** The newest attempts to connect under the charger's id. */
export function handshakesQuery(id: number, limit: number) {
  return queryOptions({
    queryKey: ["chargers", "handshakes", id, limit],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/chargers/{charger_id}/handshakes", {
          params: { path: { charger_id: id }, query: { limit } },
        }),
      ),
    refetchInterval: WATCH_MS,
  });
}

export function uptimeQuery(id: number) {
  return queryOptions({
    queryKey: ["chargers", "uptime", id],
    queryFn: () =>
      unwrap(api.GET("/api/admin/chargers/{charger_id}/uptime", { params: { path: { charger_id: id } } })),
  });
}

function useChargerChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      for (const subject of ["chargers", "stations", "overview"]) {
        void queries.invalidateQueries({ queryKey: [subject] });
      }
    },
  });
}

export function useCreateCharger() {
  return useChargerChange((body: NewCharger) => unwrap(api.POST("/api/admin/chargers", { body })));
}

export function useUpdateCharger(id: number) {
  return useChargerChange((body: ChargerBody) =>
    unwrap(
      api.PUT("/api/admin/chargers/{charger_id}", { params: { path: { charger_id: id } }, body }),
    ),
  );
}

export function useArchiveCharger(id: number) {
  return useChargerChange(() =>
    unwrap(
      api.POST("/api/admin/chargers/{charger_id}/archive", { params: { path: { charger_id: id } } }),
    ),
  );
}
