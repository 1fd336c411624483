import Link from "next/link";
import type { ReactNode } from "react";

import { Skeleton } from "@/components/ui/states";
import { cx } from "@/lib/classes";

interface StatProps {
  label: string;
  value: ReactNode | undefined;
  note?: ReactNode;
  href?: string;
  isAlarming?: boolean;
}

/** A figure with its name; with `href` it leads to the list behind it. */
export function Stat({ label, value, note, href, isAlarming = false }: StatProps) {
  const body = (
    <>
      <span className="text-[0.8125rem] text-muted">{label}</span>
      <span
        className={cx("flex h-8 items-center text-2xl font-semibold tracking-tight", isAlarming && "text-bad")}
      >
        {value === undefined ? <Skeleton className="h-6" /> : value}
      </span>
      <span className="flex min-h-5 items-center text-[0.8125rem] text-muted">{note}</span>
    </>
  );
  const classes = "card flex flex-col px-4 py-3";
  if (href === undefined) return <div className={classes}>{body}</div>;
  return (
    <Link href={href} className={cx(classes, "transition-colors hover:border-line-strong")}>
      {body}
    </Link>
  );
}
