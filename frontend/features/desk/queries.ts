import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components, operations } from "@/api/schema";
import type { DeskItem } from "@/api/types";

type ListQuery = NonNullable<operations["desk_api_admin_desk_get"]["parameters"]["query"]>;
export type BillDecision = components["schemas"]["BillDecisionBody"];

export function deskQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ["desk", query],
    queryFn: () => unwrap(api.GET("/api/admin/desk", { params: { query } })),
  });
}

function useDeskChange<Input>(change: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      for (const subject of ["desk", "overview", "transactions", "users"]) {
        void queries.invalidateQueries({ queryKey: [subject] });
      }
    },
  });
}

/** Tries a failed bill, or a job that gave up, once more. */
export function useTryAgain(item: DeskItem) {
  const id = Number(item.id);
  return useDeskChange(() =>
    item.source === "bill"
      ? unwrap(
          api.POST("/api/admin/billing/{transaction_id}/retry", {
            params: { path: { transaction_id: id } },
          }),
        )
      : unwrap(api.POST("/api/admin/desk/jobs/{job_id}/retry", { params: { path: { job_id: id } } })),
  );
}

export function useDecideBill(transactionId: number) {
  return useDeskChange((body: BillDecision) =>
    unwrap(
      api.POST("/api/admin/billing/{transaction_id}/resolve", {
        params: { path: { transaction_id: transactionId } },
        body,
      }),
    ),
  );
}

/** Writes down what was decided about a case or a message that could not be stored. */
export function useCloseMatter(item: DeskItem) {
  const id = Number(item.id);
  return useDeskChange((resolution: string) => {
    const body = { resolution };
    return item.source === "case"
      ? unwrap(
          api.POST("/api/admin/desk/{case_id}/resolve", { params: { path: { case_id: id } }, body }),
        )
      : unwrap(
          api.POST("/api/admin/desk/quarantine/{frame_id}/resolve", {
            params: { path: { frame_id: id } },
            body,
          }),
        );
  });
}
