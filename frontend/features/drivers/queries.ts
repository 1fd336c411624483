import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components, operations } from "@/api/schema";
import type { ListParams } from "@/lib/list-params";

type ListQuery = NonNullable<operations["list_all_users_get"]["parameters"]["query"]>;
export type NewUser = components["schemas"]["NewUserBody"];
export type UserBody = components["schemas"]["UserChanges"];
export type Correction = components["schemas"]["CorrectionBody"];
export type TopUp = components["schemas"]["TopUpBody"];

export function usersQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ["users", "list", query],
    queryFn: () => unwrap(api.GET("/users", { params: { query } })),
  });
}

export function userQuery(id: number) {
  return queryOptions({
    queryKey: ["users", "one", id],
    queryFn: () => unwrap(api.GET("/users/{user_id}", { params: { path: { user_id: id } } })),
  });
}

export function userTransfersQuery(id: number, query: ListParams) {
  return queryOptions({
    queryKey: ["users", "transfers", id, query],
    queryFn: () =>
      unwrap(
        api.GET("/users/{user_id}/wallet/transfers", { params: { path: { user_id: id }, query } }),
      ),
  });
}

function useUserChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["users"] }),
  });
}

export function useCreateUser() {
  return useUserChange((body: NewUser) => unwrap(api.POST("/users", { body })));
}

export function useUpdateUser(id: number) {
  return useUserChange((body: UserBody) =>
    unwrap(api.PUT("/users/{user_id}", { params: { path: { user_id: id } }, body })),
  );
}

/** The key makes a second click, or a repeat after a lost answer, book nothing twice. */
export function useTopUp(id: number) {
  return useUserChange(({ body, key }: { body: TopUp; key: string }) =>
    unwrap(
      api.POST("/users/{user_id}/wallet/top-ups", {
        params: { path: { user_id: id } },
        body,
        headers: { "Idempotency-Key": key },
      }),
    ),
  );
}

/** Adjusts a wallet up or down, with a reason; the same key books nothing twice. */
export function useCorrectWallet(id: number) {
  return useUserChange(({ body, key }: { body: Correction; key: string }) =>
    unwrap(
      api.POST("/users/{user_id}/wallet/corrections", {
        params: { path: { user_id: id } },
        body,
        headers: { "Idempotency-Key": key },
      }),
    ),
  );
}

export function useSetActive(id: number) {
  return useUserChange((isActive: boolean) => {
    const params = { path: { user_id: id } };
    return isActive
      ? unwrap(api.POST("/users/{user_id}/reactivate", { params }))
      : unwrap(api.POST("/users/{user_id}/deactivate", { params }));
  });
}

export function useEraseUser(id: number) {
  return useUserChange(() =>
    unwrap(api.DELETE("/users/{user_id}", { params: { path: { user_id: id } } })),
  );
}
