import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import { profileQuery } from "@/features/session/queries";
import type { Locale } from "@/lib/i18n/locales";

type Schemas = components["schemas"];
export type OpenSession = Schemas["OpenSession"];

export const securityQuery = queryOptions({
  queryKey: ["own-security"],
  queryFn: () => unwrap(api.GET("/auth/security")),
});

export const sessionsQuery = queryOptions({
  queryKey: ["own-sign-ins"],
  queryFn: () => unwrap(api.GET("/auth/sessions")),
});

export const outboxQuery = queryOptions({
  queryKey: ["outbox"],
  queryFn: () => unwrap(api.GET("/api/admin/outbox", { params: { query: { limit: 50 } } })),
});

export function useSignUp() {
  return useMutation({
    mutationFn: (body: { email: string; full_name: string; locale: Locale }) =>
      unwrap(api.POST("/auth/sign-up", { body })),
  });
}

export function useForgotten() {
  return useMutation({
    mutationFn: (body: { email: string; locale: Locale }) =>
      unwrap(api.POST("/auth/password/forgotten", { body })),
  });
}

interface LinkAndPassword {
  token: string;
  password: string;
}

/** Makes the account of a letter's link; the browser is signed in then. */
export function useFinishSignUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: LinkAndPassword) => {
      await unwrap(api.POST("/auth/sign-up/finish", { body }));
      return unwrap(api.GET("/auth/profile"));
    },
    onSuccess: (user) => queries.setQueryData(profileQuery.queryKey, user),
  });
}

export function useResetPassword() {
  return useMutation({
    mutationFn: (body: LinkAndPassword) => unwrap(api.POST("/auth/password/reset", { body })),
  });
}

export function useVerifyEmail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => unwrap(api.POST("/auth/email/verify", { body: { token } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: securityQuery.queryKey }),
  });
}

export function useAskVerification() {
  return useMutation({
    mutationFn: (locale: Locale) =>
      unwrap(api.POST("/auth/email/verification", { body: { locale } })),
  });
}

export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { current_password: string; password: string; locale: Locale }) =>
      unwrap(api.POST("/auth/password", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(
        api.DELETE("/auth/sessions/{session_id}", { params: { path: { session_id: id } } }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

export function useEndOthers() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/auth/sessions/end-others")),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

export function useProposeFactor() {
  return useMutation({
    mutationFn: (current_password: string) =>
      unwrap(api.POST("/auth/second-factor", { body: { current_password } })),
  });
}

export function useConfirmFactor() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (code: string) =>
      unwrap(api.POST("/auth/second-factor/confirm", { body: { code } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: securityQuery.queryKey }),
  });
}

interface ProofAndCode {
  current_password: string;
  code: string;
}

export function useRenewCodes() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ProofAndCode) =>
      unwrap(api.POST("/auth/second-factor/recovery-codes", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: securityQuery.queryKey }),
  });
}

export function useSwitchFactorOff() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ProofAndCode) =>
      unwrap(api.POST("/auth/second-factor/switch-off", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: securityQuery.queryKey }),
  });
}
