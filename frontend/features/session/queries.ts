import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import {
  api,
  API_ORIGIN,
  ApiError,
  hasCredentials,
  IS_OTHER_ORIGIN,
  keepBearerToken,
  unwrap,
} from "@/api/client";
import type { User } from "@/api/types";

export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: () => unwrap(api.GET("/api/config")),
  staleTime: Infinity,
});

/** Who is signed in, or null. */
export const profileQuery = queryOptions({
  queryKey: ["profile"],
  queryFn: async (): Promise<User | null> => {
    if (!hasCredentials()) return null;
    try {
      return await unwrap(api.GET("/auth/profile"));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        keepBearerToken(null);
        return null;
      }
      throw error;
    }
  },
  staleTime: 60_000,
});

interface Credentials {
  email: string;
  password: string;
  code?: string;
}

/** A bearer token for a page of another origin (OAuth2 password form, RFC 6749 §4.3). */
async function fetchToken({ email, password, code }: Credentials): Promise<void> {
  const body = {
    grant_type: "password" as const,
    username: email,
    password,
    code: code ?? "",
    refresh_token: "",
  };
  const found = await unwrap(
    api.POST("/auth/token", {
      body,
      bodySerializer: (form) => new URLSearchParams(form as Record<string, string>),
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    }),
  );
  keepBearerToken(found.access_token);
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (credentials: Credentials): Promise<User> => {
      if (IS_OTHER_ORIGIN) await fetchToken(credentials);
      else await unwrap(api.POST("/auth/session", { body: credentials }));
      return unwrap(api.GET("/auth/profile"));
    },
    onSuccess: (user) => queries.setQueryData(profileQuery.queryKey, user),
  });
}

const NOBODYS: ReadonlySet<unknown> = new Set(["profile", "config", "outlines"]);

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      await unwrap(api.DELETE("/auth/session"));
      keepBearerToken(null);
    },
    onSuccess: () => {
      // Told first to those who watch it; what was the person's own is then forgotten.
      queries.setQueryData(profileQuery.queryKey, null);
      queries.removeQueries({ predicate: ({ queryKey }) => !NOBODYS.has(queryKey[0]) });
    },
  });
}

export function useProfile() {
  return useQuery(profileQuery);
}

export const EVENTS_URL = `${API_ORIGIN}/api/events`;
