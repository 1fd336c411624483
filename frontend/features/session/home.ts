import type { User } from "@/api/types";

/** Where a person begins. */
export function homeOf(user: User | null): string {
  if (user === null) return "/sign-in";
  return user.role === "ADMIN" ? "/overview" : "/find";
}

/** An address of this app that was asked for before signing in; anything else is refused. */
export function safeReturn(address: string | null): string | null {
  if (address === null || !address.startsWith("/") || address.startsWith("//")) return null;
  return address.includes("\\") ? null : address;
}
