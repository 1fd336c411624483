"use client";

import Link from "next/link";
import { useTranslations } from "use-intl";

import { DOTS } from "@/components/ui/badge";
import { Skeleton } from "@/components/ui/states";
import { CONNECTOR_STATUSES, statusTone, useStatusName } from "@/features/chargers/status";
import { cx } from "@/lib/classes";
import { useFormat } from "@/lib/format/use-format";

/** How many connectors are in which state, as one bar; each state leads to its chargers. */
export function ConnectorBar({ counts }: { counts: Record<string, number> | undefined }) {
  const t = useTranslations("overview");
  const name = useStatusName();
  const format = useFormat();
  if (counts === undefined) {
    return (
      <div className="flex h-17 flex-col gap-4">
        <Skeleton className="h-3 w-full" />
        <Skeleton className="h-6 w-2/3" />
      </div>
    );
  }
  const present = CONNECTOR_STATUSES.filter((status) => (counts[status] ?? 0) > 0);
  if (present.length === 0) return <p className="min-h-17 text-muted">{t("noConnectors")}</p>;
  return (
    <div className="min-h-17">
      <div aria-hidden className="mb-3 flex h-3 gap-0.5 overflow-hidden rounded-full">
        {present.map((status) => (
          <span
            key={status}
            className={cx("min-w-1.5", DOTS[statusTone(status)])}
            style={{ flexGrow: counts[status] }}
          />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        {present.map((status) => (
          <li key={status}>
            <Link
              href={`/chargers?status=${status}&connected=true`}
              className="inline-flex h-7 items-center gap-2 hover:underline"
            >
              <span aria-hidden className={cx("size-2.5 rounded-full", DOTS[statusTone(status)])} />
              {name(status)}
              <strong className="font-semibold">{format.number(counts[status] ?? 0)}</strong>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
