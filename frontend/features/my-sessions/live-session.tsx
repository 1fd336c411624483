"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import type { TransactionDetail } from "@/api/types";
import { isOnRecord, ownRequestsQuery, useStopCharging } from "@/features/charge/queries";
import { stopState } from "@/features/charge/start-state";
import { SessionState } from "@/features/my-sessions/session-state";
import { StopPanel } from "@/features/my-sessions/stop-panel";
import { useNow } from "@/lib/clock";
import { useFormat } from "@/lib/format/use-format";

/** What runs now, in figures that can be read at arm's length. */
export function LiveSession({ session, isStale }: { session: TransactionDetail; isStale: boolean }) {
  const t = useTranslations("driver.live");
  const words = useTranslations("charge");
  const format = useFormat();
  const now = useNow(1_000);
  const stop = useStopCharging(session.id);
  const requests = useQuery(ownRequestsQuery(true));
  const state = stopState(requests.data?.data ?? [], session.id, now);
  const started = session.started_at;
  return (
    <>
      <header className="mb-5 flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold tracking-tight">{session.station_name}</h1>
          <p className="text-muted">
            {t("connector", { charger: session.charge_point_id, number: String(session.connector_id) })}
          </p>
          <p className="text-muted">
            {t("since", {
              time: format.time(started, "time", session.time_zone),
              zone: format.zone(started, session.time_zone),
            })}
          </p>
        </div>
        <SessionState session={session} />
      </header>
      <Figures session={session} now={now} />
      {isStale ? <Warning text={t("stale")} /> : null}
      {session.status === "PENDING_RECONCILIATION" ? <Warning text={t("lost")} /> : null}
      <StopPanel
        state={stop.isPending ? { step: "asking" } : state}
        error={isOnRecord(stop.error) ? null : stop.error}
        onStop={() => stop.mutate()}
      />
      <div className="mt-5 flex flex-col gap-1 text-center text-[0.8125rem] text-muted">
        {session.tariff ? (
          <p>{t("price", { price: format.price(session.tariff.price_per_kwh, session.tariff.currency) })}</p>
        ) : null}
        {session.limit ? <p>{t("limit", { limit: format.money(session.limit) })}</p> : null}
        <p>{words("liveHint")}</p>
      </div>
    </>
  );
}

function Figures({ session, now }: { session: TransactionDetail; now: Date }) {
  const t = useTranslations("driver.live");
  const words = useTranslations("transactions");
  const format = useFormat();
  const durationS = (now.getTime() - new Date(session.started_at).getTime()) / 1000;
  const cost = session.cost ?? session.cost_so_far;
  const soc = session.soc_percent;
  return (
    <section className="card mb-4 px-4 py-7 text-center">
      <p data-testid="energy" className="text-5xl font-semibold tracking-tight">
        {session.energy_wh === null ? "–" : format.energy(session.energy_wh)}
      </p>
      <p className="mt-1 text-muted">{words("energy")}</p>
      <dl className="mt-6 flex flex-wrap justify-around gap-x-5 gap-y-3">
        <Figure label={words("power")} value={session.power_w === null ? "–" : format.power(session.power_w)} />
        <Figure label={words("duration")} value={format.duration(durationS)} />
        {session.is_billable ? <Figure label={t("cost")} value={cost ? format.money(cost) : "–"} /> : null}
      </dl>
      {soc === null ? null : (
        <div className="mt-6">
          <div className="h-2.5 overflow-hidden rounded-full bg-idle-soft" aria-hidden>
            <div className="h-full bg-good" style={{ width: `${soc}%` }} />
          </div>
          <p className="mt-1 text-muted">
            {t("soc")}: {format.number(soc)} %
          </p>
        </div>
      )}
      <p className="mt-4 text-[0.8125rem] text-muted">
        {session.last_reading_at
          ? t("reading", { ago: format.ago(session.last_reading_at, latest(now, session.last_reading_at)) })
          : t("noReading")}
      </p>
    </section>
  );
}

/** A charger's clock may run ahead of this device's: no reading is from the future. */
function latest(now: Date, reading: string): Date {
  return new Date(Math.max(now.getTime(), new Date(reading).getTime()));
}

function Warning({ text }: { text: string }) {
  return (
    <p role="status" className="mb-4 rounded-lg bg-warn-soft px-4 py-3 text-warn">
      {text}
    </p>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex flex-col-reverse justify-end">
      <dt className="text-[0.8125rem] text-muted">{label}</dt>
      <dd className="text-lg font-semibold whitespace-nowrap">{value}</dd>
    </div>
  );
}
