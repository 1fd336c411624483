"use client";

import { Check, LoaderCircle, PlugZap } from "lucide-react";
import { useTranslations } from "use-intl";

import type { OwnRequest } from "@/api/types";
import { Button } from "@/components/ui/button";
import { cx } from "@/lib/classes";
import { useNow } from "@/lib/clock";
import { useFormat } from "@/lib/format/use-format";

const PATIENCE_S = 30;
const STEPS = ["asked", "agreed", "cable", "charging"] as const;

interface ProgressProps {
  request: OwnRequest;
  hasAgreed: boolean;
  isPluggedIn: boolean;
  onLeave: () => void;
}

/** A start on its way: what has happened, what is waited for, and what to do when nothing does. */
export function StartProgress({ request, hasAgreed, isPluggedIn, onLeave }: ProgressProps) {
  const t = useTranslations("driver.charge");
  const format = useFormat();
  const now = useNow(1_000);
  const waitedS = Math.max(0, (now.getTime() - new Date(request.requested_at).getTime()) / 1000);
  const done = hasAgreed ? (isPluggedIn ? 3 : 2) : 1;
  const text = !hasAgreed ? t("asking") : isPluggedIn ? t("pluggedIn") : t("plugIn");
  return (
    <section className="card p-5">
      <h2 className="mb-4 text-lg font-semibold">
        {t("progress", { number: String(request.connector_id ?? 1) })}
      </h2>
      <ol className="mb-5 flex flex-col gap-3">
        {STEPS.map((step, index) => (
          <Step key={step} label={t(`steps.${step}`)} isDone={index < done} isNext={index === done} />
        ))}
      </ol>
      <p role="status" className="flex gap-3 rounded-lg bg-accent-soft px-4 py-3 text-base font-medium text-accent">
        <PlugZap className="mt-0.5 size-5 shrink-0" aria-hidden />
        {text}
      </p>
      <p className="mt-2 text-center text-muted">{t("waited", { time: format.duration(waitedS) })}</p>
      {hasAgreed && waitedS > PATIENCE_S ? (
        <div className="mt-4 border-t border-line pt-4">
          <h3 className="mb-2 font-semibold">{t("nothing")}</h3>
          <ul className="mb-4 flex list-disc flex-col gap-1.5 pl-5">
            <li>{t("nothingPlug")}</li>
            <li>{t("nothingDisplay")}</li>
            <li>{t("nothingFree")}</li>
          </ul>
          <Button size="large" className="w-full" onClick={onLeave}>
            {t("choose")}
          </Button>
          <p className="mt-2 text-[0.8125rem] text-muted">{t("chooseHint")}</p>
        </div>
      ) : null}
    </section>
  );
}

function Step({ label, isDone, isNext }: { label: string; isDone: boolean; isNext: boolean }) {
  return (
    <li aria-current={isNext ? "step" : undefined} className="flex items-center gap-3">
      <span
        className={cx(
          "grid size-7 place-items-center rounded-full border-2 border-line-strong text-muted",
          isDone && "border-good bg-good text-on-accent",
          isNext && "border-accent text-accent",
        )}
      >
        {isDone ? <Check className="size-4" aria-hidden /> : null}
        {isNext ? <LoaderCircle className="size-4 animate-spin" aria-hidden /> : null}
      </span>
      <span className={cx("text-base", isDone || isNext ? "font-medium" : "text-muted")}>{label}</span>
    </li>
  );
}
