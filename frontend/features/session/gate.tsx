"use client";

import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, useEffect } from "react";

import type { User } from "@/api/types";
import { ErrorState } from "@/components/ui/states";
import { homeOf } from "@/features/session/home";
import { useProfile } from "@/features/session/queries";

interface GateProps {
  role?: User["role"];
  waiting: ReactNode;
  children: (user: User) => ReactNode;
}

/** Lets signed-in people of a role through; others are led to where they may go. */
export function Gate({ role, waiting, children }: GateProps) {
  const profile = useProfile();
  const router = useRouter();
  const path = usePathname();
  const user = profile.data;
  const isAllowed = user && (role === undefined || user.role === role);

  useEffect(() => {
    if (user === undefined || isAllowed) return;
    const goal =
      user === null
        ? `/sign-in?next=${encodeURIComponent(path + window.location.search)}`
        : homeOf(user);
    router.replace(goal);
  }, [user, isAllowed, router, path]);

  if (profile.isError && user === undefined) {
    return <ErrorState error={profile.error} onRetry={() => void profile.refetch()} />;
  }
  return isAllowed ? children(user) : waiting;
}
