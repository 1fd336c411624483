"use client";

import { useQuery } from "@tanstack/react-query";
import { BatteryCharging, ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import type { Transaction } from "@/api/types";
import { mySessionsQuery } from "@/features/my-sessions/queries";
import { useProfile } from "@/features/session/queries";
import { useFormat } from "@/lib/format/use-format";

/** A person's sessions that have not ended; none for who is not signed in. */
export function useRunningSessions(): Transaction[] {
  const user = useProfile().data;
  const open = useQuery({ ...mySessionsQuery({ open: true, limit: 5 }), enabled: Boolean(user) });
  return open.data?.data ?? [];
}

/** A person's running session, wherever they look. */
export function RunningBanner() {
  const t = useTranslations("charge");
  const format = useFormat();
  return useRunningSessions().map((session) => (
    <Link
      key={session.id}
      href={`/sessions/${session.id}`}
      className="mb-4 flex items-center gap-3 rounded-xl bg-good px-4 py-3 text-on-accent hover:opacity-90"
    >
      <BatteryCharging className="size-6" aria-hidden />
      <span className="flex-1">
        <span className="block font-semibold">{t("running", { station: session.station_name })}</span>
        <span>{session.energy_wh === null ? t("started") : format.energy(session.energy_wh)}</span>
      </span>
      <ChevronRight className="size-5" aria-hidden />
    </Link>
  ));
}
