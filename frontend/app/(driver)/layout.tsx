"use client";

import type { ReactNode } from "react";

import { DriverShell } from "@/components/shell/driver-shell";
import { EVENTS_URL, useProfile } from "@/features/session/queries";
import { LiveUpdates } from "@/lib/live/provider";

/** Finding a charger needs no account; what is one's own asks for sign-in on its page. */
export default function DriverLayout({ children }: { children: ReactNode }) {
  const user = useProfile().data ?? null;
  const shell = <DriverShell user={user}>{children}</DriverShell>;
  return user ? <LiveUpdates url={EVENTS_URL}>{shell}</LiveUpdates> : shell;
}
