import { queryOptions } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { operations } from "@/api/schema";

type ListQuery = NonNullable<operations["audit_api_admin_audit_get"]["parameters"]["query"]>;

export function auditQuery(query: ListQuery) {
  return queryOptions({
    queryKey: ["audit", query],
    queryFn: () => unwrap(api.GET("/api/admin/audit", { params: { query } })),
  });
}
