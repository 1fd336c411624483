"use client";

import { useQuery } from "@tanstack/react-query";
import { LoaderCircle, Zap } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";

import { ApiError } from "@/api/client";
import type { ScannedCharger } from "@/api/types";
import { Button } from "@/components/ui/button";
import { ErrorLine, Skeleton } from "@/components/ui/states";
import { ConnectorChoice, isStartable } from "@/features/charge/connector-choice";
import { isOnRecord, ownRequestsQuery, useStartCharging } from "@/features/charge/queries";
import { StartProgress } from "@/features/charge/start-progress";
import { startState, type StartState } from "@/features/charge/start-state";
import { mySessionsQuery } from "@/features/my-sessions/queries";
import { useProfile } from "@/features/session/queries";
import { useNow } from "@/lib/clock";

/** Preparing is not among them: a charger also says so before the cable comes (OCPP 1.6 §7.7). */
const PLUGGED_IN = new Set(["Charging", "SuspendedEV", "SuspendedEVSE"]);

/** Chooses a connector and starts; a start that is on its way is found again after a reload. */
export function StartForm({ charger }: { charger: ScannedCharger }) {
  const router = useRouter();
  const user = useProfile().data;
  const now = useNow(1_000);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const [isWatching, setIsWatching] = useState(true);
  const start = useStartCharging(charger.charge_point_id);
  const requests = useQuery({
    ...ownRequestsQuery(isWatching || start.isPending),
    enabled: Boolean(user),
  });
  const open = useQuery({ ...mySessionsQuery({ open: true, limit: 5 }), enabled: Boolean(user) });
  const state = startState(requests.data?.data ?? [], charger.charge_point_id, dismissed, now);
  const isUnderWay = state.step === "asked" || state.step === "agreed";
  if (requests.data && isWatching !== isUnderWay) setIsWatching(isUnderWay);

  const begunId = state.step === "begun" ? state.sessionId : null;
  const isRunning = open.data?.data.some((session) => session.id === begunId) ?? false;
  useEffect(() => {
    if (begunId !== null && isRunning) router.replace(`/sessions/${begunId}`);
  }, [begunId, isRunning, router]);

  if (user && requests.isPending) return <Skeleton className="h-64 w-full" />;
  if (isUnderWay) {
    const connector = charger.connectors.find((one) => one.connector_id === state.request.connector_id);
    return (
      <StartProgress
        request={state.request}
        hasAgreed={state.step === "agreed"}
        isPluggedIn={PLUGGED_IN.has(connector?.status ?? "")}
        onLeave={() => setDismissed(state.request.operation_id)}
      />
    );
  }
  return (
    <Choice
      charger={charger}
      state={state}
      isAsking={start.isPending}
      error={isOnRecord(start.error) ? null : start.error}
      onStart={(connectorId) => start.mutate(connectorId)}
    />
  );
}

interface ChoiceProps {
  charger: ScannedCharger;
  state: StartState;
  isAsking: boolean;
  error: Error | null;
  onStart: (connectorId: number) => void;
}

function Choice({ charger, state, isAsking, error, onStart }: ChoiceProps) {
  const t = useTranslations("charge");
  const words = useTranslations("driver.charge");
  const path = usePathname();
  const user = useProfile().data;
  const [chosen, setChosen] = useState<number | null>(null);
  const free = charger.connectors.filter(isStartable);
  const connectorId = free.find((one) => one.connector_id === chosen)?.connector_id ?? free[0]?.connector_id;
  const isNoCredit = error instanceof ApiError && error.code === "no_credit";
  const canStart = connectorId !== undefined && charger.is_connected && charger.price !== null;
  return (
    <section>
      {charger.connectors.length === 0 ? (
        <p className="rounded-lg bg-warn-soft px-4 py-3 text-warn">{words("noConnectors")}</p>
      ) : (
        <fieldset>
          <legend className="mb-2 font-semibold">{t("chooseConnector")}</legend>
          <div className="flex flex-col gap-2">
            {charger.connectors.map((connector) => (
              <ConnectorChoice
                key={connector.connector_id}
                connector={connector}
                isChosen={connector.connector_id === connectorId}
                onChoose={() => setChosen(connector.connector_id)}
              />
            ))}
          </div>
        </fieldset>
      )}
      {charger.is_connected && charger.connectors.length > 0 && free.length === 0 ? (
        <p className="mt-3 rounded-lg bg-warn-soft px-4 py-3 text-warn">{words("busy")}</p>
      ) : null}
      {state.step === "failed" && !isAsking ? (
        <p role="alert" className="mt-3 rounded-lg bg-bad-soft px-4 py-3 text-bad">
          {words(`failed.${state.why}`, { code: state.request.error_code ?? "" })}
        </p>
      ) : null}
      {isNoCredit ? (
        <p role="alert" className="mt-3 rounded-lg bg-bad-soft px-4 py-3 text-bad">
          {words("noCredit")}
        </p>
      ) : (
        <ErrorLine error={error} />
      )}
      <div className="mt-4">
        {user ? (
          <Button
            look="primary"
            size="large"
            className="w-full"
            disabled={!canStart || isAsking}
            aria-busy={isAsking || undefined}
            onClick={() => (connectorId === undefined ? undefined : onStart(connectorId))}
          >
            {isAsking ? <LoaderCircle className="animate-spin" aria-hidden /> : <Zap aria-hidden />}
            {isAsking ? t("asking") : t("start")}
          </Button>
        ) : (
          <Button asChild look="primary" size="large" className="w-full">
            <Link href={`/sign-in?next=${encodeURIComponent(path)}`}>{t("signInToStart")}</Link>
          </Button>
        )}
        <p className="mt-3 text-center text-[0.8125rem] text-muted">{t("startHint")}</p>
      </div>
    </section>
  );
}
