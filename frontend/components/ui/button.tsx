import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";

import { cx } from "@/lib/classes";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "bg-surface border border-line text-text hover:bg-sunken",
  quiet: "text-text hover:bg-idle-soft",
  danger: "bg-bad text-on-accent hover:opacity-90",
} as const;

const SIZES = {
  small: "h-8 px-2.5 text-[0.8125rem] gap-1.5",
  medium: "h-9 px-3.5 gap-2",
  large: "h-13 px-5 text-base gap-2.5 rounded-xl",
  icon: "size-9 justify-center",
} as const;

interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
  isBusy?: boolean;
  asChild?: boolean;
}

/** A button; with `asChild` its only child (a link) gets the looks instead. */
export function Button({
  look = "secondary",
  size = "medium",
  isBusy = false,
  asChild = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  const classes = cx(
    "inline-flex items-center justify-center rounded-lg font-medium whitespace-nowrap transition-colors",
    "disabled:opacity-55 disabled:cursor-not-allowed [&_svg]:size-4 [&_svg]:shrink-0",
    LOOKS[look],
    SIZES[size],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button type="button" className={classes} disabled={disabled || isBusy} aria-busy={isBusy || undefined} {...rest}>
      {isBusy ? <LoaderCircle className="animate-spin" aria-hidden /> : null}
      {children}
    </button>
  );
}
