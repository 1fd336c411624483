import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import type { ListParams } from "@/lib/list-params";

export type TariffBody = components["schemas"]["TariffBody"];

export function tariffsQuery(query: ListParams & { archived?: boolean }) {
  return queryOptions({
    queryKey: ["tariffs", query],
    queryFn: () => unwrap(api.GET("/api/admin/tariffs", { params: { query } })),
  });
}

function useTariffChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["tariffs"] }),
  });
}

/** Creates a tariff, or with an id changes that one; running sessions keep their price. */
export function useSaveTariff(id: number | null) {
  return useTariffChange((body: TariffBody) =>
    id === null
      ? unwrap(api.POST("/api/admin/tariffs", { body }))
      : unwrap(
          api.PUT("/api/admin/tariffs/{tariff_id}", { params: { path: { tariff_id: id } }, body }),
        ),
  );
}

export function useArchiveTariff(id: number) {
  return useTariffChange(() =>
    unwrap(
      api.POST("/api/admin/tariffs/{tariff_id}/archive", { params: { path: { tariff_id: id } } }),
    ),
  );
}
