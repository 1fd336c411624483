import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "@/api/schema";

/** Where the API is, as the page says (`NEXT_PUBLIC_API_URL` of its build); empty: where the page is. */
export const API_ORIGIN =
  typeof document === "undefined" ? "" : (document.documentElement.dataset.apiUrl ?? "").replace(/\/$/, "");
/** On another origin there is no cookie: a bearer token is kept for the tab's life. */
export const IS_OTHER_ORIGIN = API_ORIGIN !== "";

/** Over https the name says that the cookie is this host's own (RFC 6265bis). */
const CSRF_COOKIES = ["__Host-csms_csrf=", "csms_csrf="];
const TOKEN_KEY = "csms.token";
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

type Problem = components["schemas"]["Problem"];

let bearerToken = IS_OTHER_ORIGIN ? sessionStorage.getItem(TOKEN_KEY) : null;

/** Keeps the token where a reload of this tab finds it, and no other tab or later visit does. */
export function keepBearerToken(token: string | null): void {
  bearerToken = token;
  if (token === null) sessionStorage.removeItem(TOKEN_KEY);
  else sessionStorage.setItem(TOKEN_KEY, token);
}

function csrfToken(): string | null {
  const parts = document.cookie.split("; ");
  for (const name of CSRF_COOKIES) {
    const found = parts.find((part) => part.startsWith(name));
    if (found !== undefined) return decodeURIComponent(found.slice(name.length));
  }
  return null;
}

/** Whether somebody may be signed in: the session's readable half is there, or a token is kept. */
export function hasCredentials(): boolean {
  return bearerToken !== null || (!IS_OTHER_ORIGIN && csrfToken() !== null);
}

/** Headers that say who asks; unsafe calls with the cookie also prove that our page asks. */
export function identityHeaders(method: string): Record<string, string> {
  if (bearerToken !== null) return { Authorization: `Bearer ${bearerToken}` };
  const token = SAFE_METHODS.has(method) ? null : csrfToken();
  return token === null ? {} : { "X-CSRF-Token": token };
}

/** A refusal of the server (a problem document, RFC 9457), or status 0: it was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly problem: Partial<Problem> = {},
  ) {
    super(detail);
    this.name = "ApiError";
  }
}

const identify: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(identityHeaders(request.method))) {
      request.headers.set(name, value);
    }
    return request;
  },
};

export const api = createClient<paths>({
  baseUrl: API_ORIGIN,
  credentials: IS_OTHER_ORIGIN ? "omit" : "same-origin",
});
api.use(identify);

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The answer's data; everything else becomes an ApiError. */
export async function unwrap<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  let found: Answer<Data>;
  try {
    found = await answer;
  } catch (error) {
    throw new ApiError(0, "unreachable", error instanceof Error ? error.message : "unreachable");
  }
  if (found.response.ok) return found.data as Data;
  const problem = (found.error ?? {}) as Partial<Problem>;
  throw new ApiError(
    found.response.status,
    problem.code ?? "unknown",
    problem.detail ?? found.response.statusText,
    problem,
  );
}
