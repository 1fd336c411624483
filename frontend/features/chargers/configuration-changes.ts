import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";

function useChargerRefresh(chargerId: number): () => void {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: ["chargers", "one", chargerId] });
    void queries.invalidateQueries({ queryKey: ["operations"] });
  };
}

/** Asks for all keys; what the charger tells is kept with it. */
export function useReadConfiguration(chargerId: number) {
  const refresh = useChargerRefresh(chargerId);
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.POST("/api/admin/chargers/{charger_id}/get-configuration", {
          params: { path: { charger_id: chargerId } },
          body: { keys: [] },
        }),
      ),
    onSettled: refresh,
  });
}

export function useWriteConfiguration(chargerId: number) {
  const refresh = useChargerRefresh(chargerId);
  return useMutation({
    mutationFn: (body: { key: string; value: string }) =>
      unwrap(
        api.POST("/api/admin/chargers/{charger_id}/change-configuration", {
          params: { path: { charger_id: chargerId } },
          body,
        }),
      ),
    onSettled: refresh,
  });
}
