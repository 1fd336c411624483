import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import type { ListParams } from "@/lib/list-params";

export type Campaign = components["schemas"]["CampaignView"];
export type CampaignDetail = components["schemas"]["CampaignDetail"];
export type CampaignCharger = components["schemas"]["CampaignChargerView"];
export type NewCampaign = components["schemas"]["FirmwareCampaignBody"];
export type Steering = "pause" | "resume" | "cancel" | "retry";

const WATCH_MS = 4_000;

export function campaignsQuery(query: ListParams & { status?: string }) {
  return queryOptions({
    queryKey: ["campaigns", "list", query],
    queryFn: () => unwrap(api.GET("/api/admin/firmware-campaigns", { params: { query } })),
    refetchInterval: WATCH_MS,
  });
}

export function campaignQuery(id: number) {
  return queryOptions({
    queryKey: ["campaigns", "one", id],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/firmware-campaigns/{campaign_id}", {
          params: { path: { campaign_id: id } },
        }),
      ),
    refetchInterval: (query) => (query.state.data?.status === "RUNNING" ? WATCH_MS : false),
  });
}

export function useCreateCampaign() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewCampaign) => unwrap(api.POST("/api/admin/firmware-campaigns", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["campaigns"] }),
  });
}

export function useSteerCampaign(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (how: Steering) => {
      const path =
        `/api/admin/firmware-campaigns/{campaign_id}/${how}` as "/api/admin/firmware-campaigns/{campaign_id}/pause";
      return unwrap(api.POST(path, { params: { path: { campaign_id: id } } }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["campaigns"] }),
  });
}
