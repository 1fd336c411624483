import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import { profileQuery } from "@/features/session/queries";

type Changes = components["schemas"]["UserChanges"];

const SHOWN_MAX = 100;

export const ownIdTagsQuery = queryOptions({
  queryKey: ["own-id-tags"],
  queryFn: () => unwrap(api.GET("/api/id-tags", { params: { query: { limit: SHOWN_MAX } } })),
});

/** Changes one's own name or password; a new password ends every sign-in, this one too. */
export function useChangeSelf(userId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: Partial<Changes>) =>
      unwrap(
        api.PUT("/users/{user_id}", { params: { path: { user_id: userId } }, body: changes as Changes }),
      ),
    onSuccess: (user, changes) =>
      changes.password
        ? queries.invalidateQueries({ queryKey: profileQuery.queryKey })
        : queries.setQueryData(profileQuery.queryKey, user),
  });
}
