import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import type { ListParams } from "@/lib/list-params";

export type StationBody = components["schemas"]["StationBody"];

export function stationsQuery(query: ListParams) {
  return queryOptions({
    queryKey: ["stations", "list", query],
    queryFn: () => unwrap(api.GET("/api/admin/stations", { params: { query } })),
  });
}

export function stationQuery(id: number) {
  return queryOptions({
    queryKey: ["stations", "one", id],
    queryFn: () =>
      unwrap(api.GET("/api/admin/stations/{station_id}", { params: { path: { station_id: id } } })),
    enabled: id > 0,
  });
}

function useStationChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      for (const subject of ["stations", "overview", "map"]) {
        void queries.invalidateQueries({ queryKey: [subject] });
      }
    },
  });
}

/** Creates a station, or with an id changes that one. */
export function useSaveStation(id: number | null) {
  return useStationChange((body: StationBody) =>
    id === null
      ? unwrap(api.POST("/api/admin/stations", { body }))
      : unwrap(
          api.PUT("/api/admin/stations/{station_id}", { params: { path: { station_id: id } }, body }),
        ),
  );
}

export function useArchiveStation(id: number) {
  return useStationChange(() =>
    unwrap(
      api.POST("/api/admin/stations/{station_id}/archive", { params: { path: { station_id: id } } }),
    ),
  );
}
