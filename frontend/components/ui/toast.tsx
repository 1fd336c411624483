"use client";

import { CircleCheck, Info, TriangleAlert, X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";

import { cx } from "@/lib/classes";

type Kind = "good" | "info" | "bad";

interface Toast {
  id: number;
  kind: Kind;
  text: string;
}

const SHOWN_MS = 6_000;
const ICONS = { good: CircleCheck, info: Info, bad: TriangleAlert } as const;
const COLORS = { good: "text-good", info: "text-accent", bad: "text-bad" } as const;
const NONE: readonly Toast[] = [];

let toasts: readonly Toast[] = NONE;
let nextId = 1;
const listeners = new Set<() => void>();

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number): void {
  publish(toasts.filter((toast) => toast.id !== id));
}

/** Says something in passing; what must be acted on belongs on the page instead. */
export function showToast(kind: Kind, text: string): void {
  const id = nextId++;
  publish([...toasts.slice(-3), { id, kind, text }]);
  window.setTimeout(() => dismiss(id), SHOWN_MS);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toaster() {
  const t = useTranslations("ui");
  const shown = useSyncExternalStore(subscribe, () => toasts, () => NONE);
  return (
    <div
      role="status"
      aria-live="polite"
      className="no-print pointer-events-none fixed right-4 bottom-4 z-[1300] flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2"
    >
      {shown.map((toast) => {
        const Icon = ICONS[toast.kind];
        return (
          <div
            key={toast.id}
            className="pointer-events-auto flex items-start gap-2.5 rounded-xl border border-line bg-raised p-3 shadow-pop animate-[appear_140ms]"
          >
            <Icon className={cx("mt-0.5 size-4 shrink-0", COLORS[toast.kind])} aria-hidden />
            <p className="min-w-0 flex-1 break-words">{toast.text}</p>
            <button
              type="button"
              aria-label={t("close")}
              className="rounded p-0.5 text-muted hover:text-text"
              onClick={() => dismiss(toast.id)}
            >
              <X className="size-4" aria-hidden />
            </button>
          </div>
        );
      })}
    </div>
  );
}
