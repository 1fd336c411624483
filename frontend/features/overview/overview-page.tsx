"use client";

import { useQuery } from "@tanstack/react-query";
import { BatteryCharging, PlugZap } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";

import { StationMap } from "@/components/map/station-map";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { Stat } from "@/components/ui/stat";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { ComparedStat } from "@/features/overview/compared-stat";
import { ConnectorBar } from "@/features/overview/connector-bar";
import { DeskSummary } from "@/features/overview/desk-summary";
import { overviewQuery } from "@/features/overview/queries";
import { RunningSessions } from "@/features/overview/running-sessions";
import { stationPin } from "@/features/stations/pin";
import { stationsQuery } from "@/features/stations/queries";
import { transactionsQuery } from "@/features/transactions/queries";
import { useFormat } from "@/lib/format/use-format";

const OPEN_SHOWN = 100;

export function OverviewPage() {
  const t = useTranslations("overview");
  const nav = useTranslations("shell.nav");
  const format = useFormat();
  const router = useRouter();
  const overview = useQuery(overviewQuery);
  const running = useQuery(transactionsQuery({ open: true, limit: OPEN_SHOWN, sort: "-started_at" }));
  const stations = useQuery(stationsQuery({ limit: 100 }));
  const figures = overview.data;

  if (overview.isError && !figures) {
    return <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />;
  }
  const offline = figures ? figures.chargers - figures.chargers_connected : 0;
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      {figures?.chargers === 0 ? (
        <div className="card mb-4">
          <EmptyState
            icon={<PlugZap aria-hidden />}
            title={t("noChargers")}
            hint={t("noChargersHint")}
            action={
              <Button asChild look="primary">
                <Link href="/stations">{nav("stations")}</Link>
              </Button>
            }
          />
        </div>
      ) : null}
      <div className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-3">
        <Stat
          label={t("chargersOnline")}
          value={figures && format.number(figures.chargers_connected)}
          note={figures ? t("ofAllOffline", { total: format.number(figures.chargers), offline }) : null}
          href={offline > 0 ? "/chargers?connected=false" : "/chargers"}
        />
        <Stat
          label={t("sessionsRunning")}
          value={figures && format.number(figures.transactions_active)}
          note={figures ? t("pendingToo", { count: figures.transactions_pending }) : null}
          href="/transactions?open=true"
        />
        <Stat
          label={t("power")}
          value={figures && format.power(figures.power_w)}
          note={figures ? t("deliveredSoFar", { energy: format.energy(figures.running_energy_wh) }) : null}
          href="/transactions?status=ACTIVE"
        />
        <ComparedStat
          label={t("energyToday")}
          figures={figures}
          amount={(period) => period.energy_wh}
          shown={(period) => format.energy(period.energy_wh)}
        />
        <ComparedStat
          label={t("revenueToday")}
          figures={figures}
          amount={(period) => Number(period.revenue.amount)}
          shown={(period) => format.money(period.revenue)}
        />
        <ComparedStat
          label={t("sessionsToday")}
          figures={figures}
          amount={(period) => period.sessions}
          shown={(period) => format.number(period.sessions)}
        />
      </div>
      <div className="grid gap-4 xl:grid-cols-[1fr_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Section title={t("connectors")}>
            <ConnectorBar counts={figures?.connector_statuses} />
          </Section>
          <Section
            title={t("running")}
            actions={
              <Button asChild size="small" look="quiet">
                <Link href="/transactions?open=true">{t("allRunning")}</Link>
              </Button>
            }
          >
            <RunningSessions
              query={running}
              empty={
                <EmptyState
                  icon={<BatteryCharging aria-hidden />}
                  title={t("noRunning")}
                  hint={t("noRunningHint")}
                />
              }
            />
          </Section>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Section title={t("waiting")}>
            <DeskSummary desk={figures?.desk} />
          </Section>
          <section className="card h-80 overflow-hidden" aria-label={t("map")}>
            <StationMap
              label={t("map")}
              pins={(stations.data?.data ?? []).map(stationPin)}
              onSelect={(id) => router.push(`/stations?station=${id}`)}
            />
          </section>
        </div>
      </div>
    </>
  );
}
