"use client";

import type { ReactNode } from "react";

import { OperatorShell } from "@/components/shell/operator-shell";
import { Skeleton } from "@/components/ui/states";
import { Gate } from "@/features/session/gate";
import { EVENTS_URL } from "@/features/session/queries";
import { LiveUpdates } from "@/lib/live/provider";

export default function OperatorLayout({ children }: { children: ReactNode }) {
  const waiting = (
    <OperatorShell user={null}>
      <Skeleton className="h-7 w-48" />
    </OperatorShell>
  );
  return (
    <Gate role="ADMIN" waiting={waiting}>
      {(user) => (
        <LiveUpdates url={EVENTS_URL}>
          <OperatorShell user={user}>{children}</OperatorShell>
        </LiveUpdates>
      )}
    </Gate>
  );
}
