"use client";

import { Check, CircleDashed, LoaderCircle, X } from "lucide-react";
import { useTranslations } from "use-intl";

import { ApiError } from "@/api/client";
import type { OperationAnswer } from "@/api/types";
import { JsonView } from "@/components/ui/json-view";
import { useErrorText } from "@/components/ui/states";
import { cx } from "@/lib/classes";

type Step = "done" | "waiting" | "open" | "failed";

const ICONS = { done: Check, waiting: LoaderCircle, open: CircleDashed, failed: X } as const;
const COLORS: Record<Step, string> = {
  done: "bg-good-soft text-good",
  waiting: "bg-accent-soft text-accent",
  open: "bg-idle-soft text-muted",
  failed: "bg-bad-soft text-bad",
};
const AGREEING = new Set(["Accepted", "Scheduled", "Unlocked", "RebootRequired"]);

interface OutcomeProps {
  isWaiting: boolean;
  answer: OperationAnswer | undefined;
  error: Error | null;
  /** Null: the answer itself is the outcome. */
  hasHappened: boolean | null;
  /** The message that would show it. */
  waitsFor?: string;
}

/** Asked, answered, happened: three things that are not the same. */
export function OutcomeSteps({ isWaiting, answer, error, hasHappened, waitsFor }: OutcomeProps) {
  const t = useTranslations("operations");
  const describe = useErrorText();
  const wasNotSent = error instanceof ApiError && error.status === 409;
  const agrees = answer !== undefined && answer.error === null && isAgreement(answer);
  const asked: Step = wasNotSent ? "failed" : "done";
  const answered: Step = isWaiting ? "waiting" : error || !agrees ? "failed" : "done";
  const happened: Step = hasHappened ? "done" : agrees ? "waiting" : "open";
  const said = answer?.error ? `${answer.error.code} ${answer.error.detail ?? ""}` : answer?.status;
  return (
    <div className="mt-5 rounded-lg bg-sunken p-4" role="status">
      <ol className="flex flex-col gap-2.5">
        <StepLine step={asked} text={wasNotSent ? t("notSent") : t("asked")} />
        <StepLine
          step={answered}
          text={isWaiting ? t("waitingForAnswer") : error ? describe(error) : t("said", { status: said ?? "" })}
        />
        {hasHappened === null ? null : (
          <StepLine step={happened} text={hasHappened ? t("happened") : waitsFor && agrees ? t("waitsFor", { action: waitsFor }) : t("notYet")} />
        )}
      </ol>
      {answer?.warnings.map((warning) => (
        <p key={warning} className="mt-3 rounded-md bg-warn-soft px-3 py-1.5 text-warn">
          {warning}
        </p>
      ))}
      {answer?.response ? <JsonView value={answer.response} className="mt-3" /> : null}
    </div>
  );
}

/** An answer without a status of its own (a list of values) is what was asked for. */
function isAgreement(answer: OperationAnswer): boolean {
  return AGREEING.has(answer.status) || answer.status === "ANSWERED";
}

function StepLine({ step, text }: { step: Step; text: string }) {
  const Icon = ICONS[step];
  return (
    <li className="flex items-center gap-2.5">
      <span className={cx("grid size-6 shrink-0 place-items-center rounded-full", COLORS[step])}>
        <Icon className={cx("size-3.5", step === "waiting" && "animate-spin")} aria-hidden />
      </span>
      <span className={cx("min-w-0 break-words", step === "open" && "text-muted")}>{text}</span>
    </li>
  );
}
