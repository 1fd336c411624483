import { cx } from "@/lib/classes";

/** A value as it travels; scrolls by keyboard too. */
export function JsonView({ value, className }: { value: unknown; className?: string }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <pre
      tabIndex={0}
      className={cx(
        "max-h-80 overflow-auto rounded-lg border border-line bg-surface p-3 font-mono text-[0.75rem] leading-relaxed",
        className,
      )}
    >
      {text}
    </pre>
  );
}
