"use client";

import type { ReactNode } from "react";

import { Skeleton } from "@/components/ui/states";
import { Gate } from "@/features/session/gate";

/** A page that shows what is one's own: signing in comes first. */
export function OwnPage({ children }: { children: ReactNode }) {
  return <Gate waiting={<Skeleton className="h-64 w-full" />}>{() => children}</Gate>;
}
