"use client";

import { useQuery } from "@tanstack/react-query";
import { BatteryCharging, ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

import { mySessionsQuery } from "@/features/my-sessions/queries";
import { useProfile } from "@/features/session/queries";
import { useFormat } from "@/lib/format/use-format";

/** A person's running session, wherever they look. */
export function RunningBanner() {
  const t = useTranslations("charge");
  const format = useFormat();
  const user = useProfile().data;
  const open = useQuery({ ...mySessionsQuery({ open: true, limit: 5 }), enabled: Boolean(user) });
  return (open.data?.data ?? []).map((session) => (
    <Link
      key={session.id}
      href={`/sessions/${session.id}`}
      className="mb-4 flex items-center gap-3 rounded-xl bg-accent px-4 py-3 text-on-accent hover:bg-accent-strong"
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
