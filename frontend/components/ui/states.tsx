"use client";

import { CircleAlert, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import { ApiError } from "@/api/client";
import { Button } from "@/components/ui/button";
import { cx } from "@/lib/classes";

/** A grey place that stands for what is being loaded, of the same size. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("skeleton block h-4 w-24", className)} />;
}

/** What an error says to a person. */
export function useErrorText(): (error: Error) => string {
  const t = useTranslations("errors");
  return (error) => {
    if (!(error instanceof ApiError)) return t("unknown");
    if (error.status === 0) return t("unreachable");
    if (error.status === 403) return t("forbidden");
    if (error.status === 404) return t("notFound");
    if (error.status >= 500 && error.status !== 504) return t("server");
    const fields = error.problem.errors?.map((fault) => fault.detail).join("; ");
    return fields && fields !== error.detail ? `${error.detail}: ${fields}` : error.detail;
  };
}

export function ErrorLine({ error }: { error: Error | null }) {
  const describe = useErrorText();
  if (error === null) return null;
  return (
    <p role="alert" className="mt-3 flex gap-2 rounded-lg bg-bad-soft px-3 py-2 text-bad">
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span className="min-w-0 break-words">{describe(error)}</span>
    </p>
  );
}

export function ErrorState({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTranslations("ui");
  const describe = useErrorText();
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      <CircleAlert className="size-7 text-bad" aria-hidden />
      <p className="max-w-md">{describe(error)}</p>
      <Button onClick={onRetry}>
        <RotateCw aria-hidden />
        {t("retry")}
      </Button>
    </div>
  );
}

interface EmptyProps {
  title: string;
  hint: string;
  icon?: ReactNode;
  action?: ReactNode;
}

/** Says that there is nothing, and what to do next. */
export function EmptyState({ title, hint, icon, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-1.5 px-6 py-12 text-center">
      {icon ? <span className="mb-1 text-muted [&_svg]:size-7">{icon}</span> : null}
      <p className="font-medium">{title}</p>
      <p className="max-w-md text-muted">{hint}</p>
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  );
}
