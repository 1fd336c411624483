import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components, operations } from "@/api/schema";

export type Reservation = components["schemas"]["ReservationView"];
type ListQuery = NonNullable<operations["list_all_api_admin_reservations_get"]["parameters"]["query"]>;

export function reservationsQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ["reservations", query],
    queryFn: () => unwrap(api.GET("/api/admin/reservations", { params: { query } })),
  });
}

function useReservationChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => {
      for (const subject of ["reservations", "operations", "chargers"]) {
        void queries.invalidateQueries({ queryKey: [subject] });
      }
    },
  });
}

export interface NewReservation {
  charger_id: number;
  connector_id: number;
  id_tag: string;
  expires_at: string;
  parent_id_tag: string | null;
}

export function useReserve() {
  return useReservationChange(({ charger_id, ...body }: NewReservation) =>
    unwrap(
      api.POST("/api/admin/chargers/{charger_id}/reserve-now", {
        params: { path: { charger_id } },
        body,
      }),
    ),
  );
}

export function useCancelReservation() {
  return useReservationChange((one: Reservation) =>
    unwrap(
      api.POST("/api/admin/chargers/{charger_id}/cancel-reservation", {
        params: { path: { charger_id: one.charger_id } },
        body: { reservation_id: one.id },
      }),
    ),
  );
}
