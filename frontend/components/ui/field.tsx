"use client";

import { type ReactNode, useId } from "react";

import { cx } from "@/lib/classes";

interface ControlProps {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

interface FieldProps {
  label: string;
  hint?: string;
  error?: string;
  className?: string;
  children: (control: ControlProps) => ReactNode;
}

/** A label, its control, and what is to be said about it, tied together for screen readers. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  const control: ControlProps = { id };
  if (note) control["aria-describedby"] = `${id}-note`;
  if (error) control["aria-invalid"] = true;
  return (
    <div className={cx("flex flex-col gap-1", className)}>
      <label htmlFor={id} className="text-[0.8125rem] font-medium">
        {label}
      </label>
      {children(control)}
      {note ? (
        <p id={`${id}-note`} className={cx("text-[0.8125rem]", error ? "text-bad" : "text-muted")}>
          {note}
        </p>
      ) : null}
    </div>
  );
}
