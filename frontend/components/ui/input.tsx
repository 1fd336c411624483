import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";

import { cx } from "@/lib/classes";

const BOX =
  "w-full rounded-lg border border-line-strong bg-surface px-3 text-text transition-colors " +
  "disabled:opacity-60 aria-invalid:border-bad focus-visible:outline-offset-0";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cx(BOX, "h-9", className)} {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cx(BOX, "min-h-20 py-2", className)} {...rest} />;
}

/** The browser's own select: it is the one that every keyboard, reader and phone knows. */
export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <span className={cx("relative inline-block w-full", className)}>
      <select className={cx(BOX, "h-9 appearance-none pr-8")} {...rest}>
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted"
      />
    </span>
  );
}

interface CheckboxProps extends Omit<ComponentProps<"input">, "type"> {
  label: string;
  hint?: string;
}

export function Checkbox({ label, hint, className, ...rest }: CheckboxProps) {
  return (
    <label className={cx("flex items-start gap-2.5 py-1", className)}>
      <input type="checkbox" className="mt-0.5 size-4.5 accent-[var(--accent)]" {...rest} />
      <span>
        {label}
        {hint ? <span className="block text-[0.8125rem] text-muted">{hint}</span> : null}
      </span>
    </label>
  );
}
