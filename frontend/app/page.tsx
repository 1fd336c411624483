"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

import { ErrorState } from "@/components/ui/states";
import { homeOf } from "@/features/session/home";
import { useProfile } from "@/features/session/queries";

/** Leads everybody to where they begin. */
export default function StartPage() {
  const profile = useProfile();
  const router = useRouter();
  useEffect(() => {
    if (profile.data !== undefined) router.replace(homeOf(profile.data));
  }, [profile.data, router]);
  if (profile.isError) return <ErrorState error={profile.error} onRetry={() => void profile.refetch()} />;
  return null;
}
