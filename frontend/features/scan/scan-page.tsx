"use client";

import { Camera, CameraOff, Flashlight, FlashlightOff, LoaderCircle } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { RunningBanner } from "@/features/charge/running-banner";
import { chargerCode } from "@/features/scan/charger-code";
import { CodeEntry } from "@/features/scan/code-entry";
import { type CameraState, useCamera } from "@/features/scan/use-camera";
import { useOwnOrigins } from "@/features/scan/use-own-origins";
import { cx } from "@/lib/classes";

/** Reads the code of a charger, with the camera or typed. */
export function ScanPage() {
  const t = useTranslations("driver.scan");
  const router = useRouter();
  const ownOrigins = useOwnOrigins();
  const video = useRef<HTMLVideoElement>(null);
  const [isForeign, setIsForeign] = useState(false);
  const go = (code: string) => router.push(`/charge/${encodeURIComponent(code)}`);
  const camera = useCamera(video, (text) => {
    const code = chargerCode(text, ownOrigins());
    setIsForeign(code === null);
    if (code === null) return false;
    go(code);
    return true;
  });
  const { state } = camera;
  return (
    <div className="mx-auto max-w-md">
      <h1 className="mb-1 text-xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mb-4 text-muted">{t("aim")}</p>
      <RunningBanner />
      <section className="card mb-4 overflow-hidden">
        <div className={cx("relative overflow-hidden bg-black", state.step === "open" ? "aspect-square" : "hidden")}>
          <video ref={video} muted playsInline aria-label={t("viewfinder")} className="size-full object-cover" />
          <span
            aria-hidden
            className="pointer-events-none absolute inset-[16%] rounded-2xl border-4 border-white/90 shadow-[0_0_0_999px_rgb(0_0_0/0.35)]"
          />
        </div>
        {state.step === "open" ? (
          <div className="flex gap-3 p-4">
            <Button size="large" className="flex-1" onClick={camera.close}>
              <CameraOff aria-hidden />
              {t("stop")}
            </Button>
            {state.hasTorch ? (
              <Button size="large" className="flex-1" aria-pressed={state.isLit} onClick={camera.light}>
                {state.isLit ? <FlashlightOff aria-hidden /> : <Flashlight aria-hidden />}
                {state.isLit ? t("torchOff") : t("torchOn")}
              </Button>
            ) : null}
          </div>
        ) : (
          <Closed state={state} onOpen={camera.open} />
        )}
        {isForeign ? (
          <p role="alert" className="mx-4 mb-4 rounded-lg bg-warn-soft px-4 py-3 text-warn">
            {t("foreign")}
          </p>
        ) : null}
      </section>
      <CodeEntry onCode={go} />
    </div>
  );
}

const HINTS = {
  denied: "deniedHint",
  missing: "missingHint",
  insecure: "missingHint",
  busy: "busyHint",
} as const;

/** Before the camera is open, and when it cannot be. */
function Closed({ state, onOpen }: { state: CameraState; onOpen: () => void }) {
  const t = useTranslations("driver.scan");
  if (state.step === "opening") {
    return (
      <p role="status" className="flex h-48 items-center justify-center gap-3 text-muted">
        <LoaderCircle className="size-6 animate-spin" aria-hidden />
        {t("starting")}
      </p>
    );
  }
  const why = state.step === "failed" ? state.why : null;
  return (
    <div className="flex min-h-48 flex-col items-center justify-center gap-3 p-5 text-center">
      {why ? (
        <div role="alert">
          <CameraOff className="mx-auto mb-2 size-8 text-warn" aria-hidden />
          <p className="text-base font-semibold">{t(why)}</p>
          <p className="mt-1 text-muted">{t(HINTS[why])}</p>
        </div>
      ) : null}
      {why === "insecure" ? null : (
        <Button look="primary" size="large" className="w-full" onClick={onOpen}>
          <Camera aria-hidden />
          {t("open")}
        </Button>
      )}
      {why ? null : <p className="text-[0.8125rem] text-muted">{t("why")}</p>}
    </div>
  );
}
