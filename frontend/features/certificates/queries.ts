import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";

export function chargerCertificatesQuery(id: number) {
  return queryOptions({
    queryKey: ["certificates", "charger", id],
    queryFn: () =>
      unwrap(
        api.GET("/api/admin/chargers/{charger_id}/certificates", { params: { path: { charger_id: id } } }),
      ),
  });
}

export const authorityQuery = queryOptions({
  queryKey: ["certificates", "authority"],
  queryFn: () => unwrap(api.GET("/api/admin/certificate-authority")),
});

export const waitingRequestsQuery = queryOptions({
  queryKey: ["certificates", "waiting"],
  queryFn: () =>
    unwrap(api.GET("/api/admin/certificate-requests", { params: { query: { state: "WAITING", limit: 100 } } })),
});

function useCertificateChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => void queries.invalidateQueries({ queryKey: ["certificates"] }),
  });
}

export function useApprove() {
  return useCertificateChange((id: number) =>
    unwrap(
      api.POST("/api/admin/certificate-requests/{request_id}/approve", { params: { path: { request_id: id } } }),
    ),
  );
}

export function useDecline() {
  return useCertificateChange(({ id, reason }: { id: number; reason: string }) =>
    unwrap(
      api.POST("/api/admin/certificate-requests/{request_id}/decline", {
        params: { path: { request_id: id } },
        body: { reason },
      }),
    ),
  );
}

export function useRevoke() {
  return useCertificateChange(({ id, reason }: { id: number; reason: string }) =>
    unwrap(
      api.POST("/api/admin/certificates/{certificate_id}/revoke", {
        params: { path: { certificate_id: id } },
        body: { reason, disconnect: true },
      }),
    ),
  );
}

export function useReloadTls() {
  return useCertificateChange(() => unwrap(api.POST("/api/admin/certificate-authority/reload")));
}

/** Asks the charger to make a new key and to have it signed (ExtendedTriggerMessage). */
export function useRenew(chargerId: number) {
  return useCertificateChange(() =>
    unwrap(
      api.POST("/api/admin/chargers/{charger_id}/extended-trigger-message", {
        params: { path: { charger_id: chargerId } },
        body: { requested_message: "SignChargePointCertificate" },
      }),
    ),
  );
}

/** Lists the roots of both uses that the charger holds. */
export function useReadRoots(chargerId: number) {
  return useCertificateChange(async () => {
    const path = { charger_id: chargerId };
    for (const use of ["CentralSystemRootCertificate", "ManufacturerRootCertificate"] as const) {
      await unwrap(
        api.POST("/api/admin/chargers/{charger_id}/get-installed-certificate-ids", {
          params: { path },
          body: { certificate_type: use },
        }),
      );
    }
  });
}

export function useInstallRoot(chargerId: number) {
  return useCertificateChange((certificate: string) =>
    unwrap(
      api.POST("/api/admin/chargers/{charger_id}/install-certificate", {
        params: { path: { charger_id: chargerId } },
        body: { certificate_type: "CentralSystemRootCertificate", certificate },
      }),
    ),
  );
}

interface RootHashes {
  hash_algorithm: "SHA256" | "SHA384" | "SHA512";
  issuer_name_hash: string;
  issuer_key_hash: string;
  serial_number: string;
}

export function useDeleteRoot(chargerId: number) {
  return useCertificateChange((certificate_hash_data: RootHashes) =>
    unwrap(
      api.POST("/api/admin/chargers/{charger_id}/delete-certificate", {
        params: { path: { charger_id: chargerId } },
        body: { certificate_hash_data },
      }),
    ),
  );
}
