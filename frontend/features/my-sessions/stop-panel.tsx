"use client";

import { CircleStop, LoaderCircle } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { ErrorLine } from "@/components/ui/states";
import type { StopState } from "@/features/charge/start-state";

interface PanelProps {
  state: StopState;
  error: Error | null;
  onStop: () => void;
}

/** Stopping: asked, accepted, happened are three things, and only the last ends the session. */
export function StopPanel({ state, error, onStop }: PanelProps) {
  const t = useTranslations("driver.live.stop");
  const words = useTranslations("charge");
  const [isSure, setIsSure] = useState(false);
  if (state.step === "asking" || state.step === "accepted") {
    return (
      <p role="status" className="flex gap-3 rounded-xl bg-accent-soft px-4 py-4 text-base font-medium text-accent">
        <LoaderCircle className="mt-0.5 size-5 shrink-0 animate-spin" aria-hidden />
        {t(state.step)}
      </p>
    );
  }
  const ask = () => {
    setIsSure(false);
    onStop();
  };
  return (
    <>
      {state.step === "failed" ? (
        <p role="alert" className="mb-3 rounded-lg bg-bad-soft px-4 py-3 text-bad">
          {t(state.why)}
        </p>
      ) : null}
      {isSure ? (
        <div role="group" aria-label={t("sure")} className="card p-4">
          <p className="mb-3 text-center text-base font-semibold">{t("sure")}</p>
          <div className="flex flex-col gap-3">
            <Button look="danger" size="large" onClick={ask}>
              <CircleStop aria-hidden />
              {words("stop")}
            </Button>
            <Button size="large" onClick={() => setIsSure(false)}>
              {t("goOn")}
            </Button>
          </div>
        </div>
      ) : (
        <Button size="large" className="w-full border-line-strong" onClick={() => setIsSure(true)}>
          <CircleStop aria-hidden />
          {words("stop")}
        </Button>
      )}
      <ErrorLine error={error} />
    </>
  );
}
