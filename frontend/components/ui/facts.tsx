import { Fragment, type ReactNode } from "react";

import { cx } from "@/lib/classes";

interface FactsProps {
  facts: [label: string, value: ReactNode][];
  className?: string;
}

/** Names and values in two columns; what is unknown shows a dash. */
export function Facts({ facts, className }: FactsProps) {
  return (
    <dl className={cx("grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-4 gap-y-2", className)}>
      {facts.map(([label, value]) => (
        <Fragment key={label}>
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 break-words">{value === null || value === undefined || value === "" ? "–" : value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

interface SectionProps {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

export function Section({ title, actions, children, className }: SectionProps) {
  return (
    <section className={cx("card overflow-hidden", className)}>
      <header className="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4 py-2">
        <h2 className="font-semibold">{title}</h2>
        {actions}
      </header>
      <div className="p-4">{children}</div>
    </section>
  );
}
