import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";

export type ToldProfile = components["schemas"]["ToldProfileView"];
export type CompositeSchedule = components["schemas"]["CompositeScheduleView"];
export type CompositeAnswer = components["schemas"]["CompositeAnswer"];

export function toldProfilesQuery(chargerId: number) {
  return queryOptions({
    queryKey: ["chargers", "profiles", chargerId],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/chargers/{charger_id}/charging-profiles", {
          params: { path: { charger_id: chargerId } },
        }),
      ),
  });
}

export interface Wanted {
  connector_id: number;
  duration_s: number;
  charging_rate_unit: "A" | "W";
}

export function compositeQuery(chargerId: number, wanted: Wanted) {
  return queryOptions({
    queryKey: ["chargers", "composite", chargerId, wanted],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/chargers/{charger_id}/composite-schedule", {
          params: { path: { charger_id: chargerId }, query: wanted },
        }),
      ),
  });
}

/** Asks the charger for its own schedule; ours comes beside it. */
export function useAskComposite(chargerId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Wanted) =>
      unwrap(
        api.POST("/api/admin/chargers/{charger_id}/get-composite-schedule", {
          params: { path: { charger_id: chargerId } },
          body,
        }),
      ) as Promise<CompositeAnswer>,
    onSettled: () => queries.invalidateQueries({ queryKey: ["operations"] }),
  });
}

export function localListQuery(chargerId: number) {
  return queryOptions({
    queryKey: ["chargers", "local-list", chargerId],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/chargers/{charger_id}/local-list", {
          params: { path: { charger_id: chargerId } },
        }),
      ),
  });
}

/** Asks for the version that it holds, or sends what has changed; the list shows what came of it. */
export function useAskForList(chargerId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: "get-local-list-version" | "send-local-list") => {
      const path =
        `/api/admin/chargers/{charger_id}/${name}` as "/api/admin/chargers/{charger_id}/get-local-list-version";
      return unwrap(api.POST(path, { params: { path: { charger_id: chargerId } }, body: {} }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["chargers", "local-list", chargerId] }),
  });
}
