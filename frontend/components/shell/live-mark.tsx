"use client";

import { useTranslations } from "use-intl";

import { Tooltip } from "@/components/ui/tooltip";
import { cx } from "@/lib/classes";
import { type LiveState, useLiveState } from "@/lib/live/provider";

const COLORS: Record<LiveState, string> = {
  live: "bg-good",
  connecting: "bg-line-strong",
  polling: "bg-warn",
};

/** Whether the page follows events, or asks again every few seconds. */
export function LiveMark() {
  const t = useTranslations("shell.live");
  const state = useLiveState();
  return (
    <Tooltip text={t(`${state}Hint`)}>
      <button type="button" className="flex h-9 items-center gap-2 rounded-lg px-2 text-[0.8125rem] text-muted">
        <span aria-hidden className={cx("size-2 rounded-full", COLORS[state])} />
        <span className="max-sm:sr-only">{t(state)}</span>
      </button>
    </Tooltip>
  );
}
