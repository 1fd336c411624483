"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import { cx } from "@/lib/classes";

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  /** `sheet` comes from the side and holds long forms. */
  shape?: "dialog" | "sheet";
  children: ReactNode;
}

const SHAPES = {
  dialog:
    "left-1/2 top-[8vh] w-[min(34rem,calc(100vw-2rem))] max-h-[84vh] -translate-x-1/2 rounded-2xl border border-line",
  sheet: "right-0 top-0 h-dvh w-[min(34rem,100vw)] border-l border-line",
} as const;

export function Dialog({ isOpen, onClose, title, description, shape = "dialog", children }: DialogProps) {
  const t = useTranslations("ui");
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="no-print fixed inset-0 z-[1100] bg-black/45 animate-[appear_120ms]" />
        <Radix.Content
          className={cx(
            "fixed z-[1101] flex flex-col bg-raised shadow-pop animate-[appear_140ms] focus:outline-none",
            SHAPES[shape],
          )}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className="no-print flex items-start justify-between gap-4 border-b border-line px-5 py-4">
            <div>
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description ? (
                <Radix.Description className="mt-0.5 text-[0.8125rem] text-muted">
                  {description}
                </Radix.Description>
              ) : null}
            </div>
            <Radix.Close
              className="-m-1 rounded-md p-1.5 text-muted hover:bg-idle-soft hover:text-text"
              aria-label={t("close")}
            >
              <X className="size-4.5" aria-hidden />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>;
}
