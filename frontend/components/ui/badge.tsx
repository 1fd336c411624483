import type { ReactNode } from "react";

import { cx } from "@/lib/classes";

export type Tone = "good" | "accent" | "warn" | "bad" | "violet" | "idle";

const TONES: Record<Tone, string> = {
  good: "bg-good-soft text-good",
  accent: "bg-accent-soft text-accent",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  violet: "bg-violet-soft text-violet",
  idle: "bg-idle-soft text-muted",
};

export const DOTS: Record<Tone, string> = {
  good: "bg-good",
  accent: "bg-accent",
  warn: "bg-warn",
  bad: "bg-bad",
  violet: "bg-violet",
  idle: "bg-line-strong",
};

interface BadgeProps {
  tone: Tone;
  children: ReactNode;
  className?: string;
  hasDot?: boolean;
}

export function Badge({ tone, children, className, hasDot = false }: BadgeProps) {
  return (
    <span
      className={cx(
        "inline-flex h-6 items-center gap-1.5 rounded-full px-2.5 text-[0.75rem] font-medium whitespace-nowrap",
        TONES[tone],
        className,
      )}
    >
      {hasDot ? <span aria-hidden className={cx("size-1.5 rounded-full", DOTS[tone])} /> : null}
      {children}
    </span>
  );
}
