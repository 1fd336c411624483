"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleStop, FilePen } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { TransactionDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Facts, Section } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { Stat } from "@/components/ui/stat";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { FlightRecordPanel } from "@/features/flight-record/flight-record";
import { OutcomeSteps } from "@/features/operations/outcome-steps";
import { stationQuery } from "@/features/stations/queries";
import { BillExplained } from "@/features/transactions/bill-explained";
import { CloseDialog } from "@/features/transactions/close-dialog";
import { transactionQuery, useStopTransaction } from "@/features/transactions/queries";
import { ReadingsCharts } from "@/features/transactions/readings-charts";
import { SignedReadings } from "@/features/transactions/signed-readings";
import { BillingBadge, TransactionBadge } from "@/features/transactions/status";
import { Timeline } from "@/features/transactions/timeline";
import { useNow } from "@/lib/clock";
import { useFormat } from "@/lib/format/use-format";
import { useRouteNumber } from "@/lib/route-id";

export function TransactionPage() {
  const transaction = useQuery(transactionQuery(useRouteNumber()));
  if (transaction.isError && !transaction.data) {
    return <ErrorState error={transaction.error} onRetry={() => void transaction.refetch()} />;
  }
  if (!transaction.data) {
    return (
      <div aria-busy>
        <Skeleton className="mb-6 h-7 w-64" />
        <Skeleton className="mb-4 h-24 w-full" />
        <Skeleton className="h-72 w-full" />
      </div>
    );
  }
  return <LoadedTransaction transaction={transaction.data} />;
}

function LoadedTransaction({ transaction }: { transaction: TransactionDetail }) {
  const t = useTranslations("transactions");
  const format = useFormat();
  const now = useNow(1_000);
  const [isClosing, setIsClosing] = useState(false);
  const stop = useStopTransaction(transaction.id);
  const isOpen = transaction.status !== "ENDED";
  const end = transaction.stopped_at ? new Date(transaction.stopped_at) : now;
  const cost = transaction.cost ?? transaction.cost_so_far;
  const durationS = (end.getTime() - new Date(transaction.started_at).getTime()) / 1000;
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            {t("one", { id: String(transaction.id) })}
            <TransactionBadge status={transaction.status} />
            {isOpen ? null : <BillingBadge status={transaction.billing_status} />}
          </span>
        }
        description={
          <>
            <Link href={`/chargers/${transaction.charger_id}`} className="hover:underline">
              {transaction.charge_point_id} · {transaction.connector_id}
            </Link>
            , {transaction.station_name}
          </>
        }
        actions={
          isOpen ? (
            <>
              <Button look="danger" isBusy={stop.isPending} onClick={() => stop.mutate()}>
                <CircleStop aria-hidden />
                {t("stop")}
              </Button>
              <Button onClick={() => setIsClosing(true)}>
                <FilePen aria-hidden />
                {t("close")}
              </Button>
            </>
          ) : null
        }
      />
      {stop.isIdle ? null : (
        <div className="mb-4">
          <OutcomeSteps
            isWaiting={stop.isPending}
            answer={stop.data}
            error={stop.error}
            hasHappened={!isOpen}
          />
        </div>
      )}
      <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat label={t("energy")} value={transaction.energy_wh === null ? "–" : format.energy(transaction.energy_wh)} />
        <Stat
          label={t("power")}
          value={transaction.power_w === null ? "–" : format.power(transaction.power_w)}
          note={transaction.soc_percent === null ? null : `${t("charge")}: ${format.number(transaction.soc_percent)} %`}
        />
        <Stat label={t("duration")} value={format.duration(durationS)} />
        <Stat label={t("cost")} value={cost ? format.money(cost) : "–"} note={transaction.tariff?.name} />
      </div>
      <div className="grid gap-4 xl:grid-cols-[1fr_24rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Section title={t("readings")}>
            <ReadingsCharts transaction={transaction} />
          </Section>
          <Section title={t("explained")}>
            <BillExplained transaction={transaction} />
          </Section>
          <FlightRecordPanel transactionId={transaction.id} />
          <SignedReadings transaction={transaction} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Section title={t("about")}>
            <About transaction={transaction} />
          </Section>
          <Section title={t("timeline")}>
            <Timeline transaction={transaction} />
          </Section>
        </div>
      </div>
      <CloseDialog transaction={transaction} isOpen={isClosing} onClose={() => setIsClosing(false)} />
    </>
  );
}

function About({ transaction }: { transaction: TransactionDetail }) {
  const t = useTranslations("transactions");
  const format = useFormat();
  const zone = useQuery(stationQuery(transaction.station_id)).data?.time_zone;
  const moment = (at: string) =>
    `${format.time(at, "moment", zone)}${zone ? ` (${format.zone(at, zone)})` : ""}`;
  return (
    <Facts
      facts={[
        [
          t("driver"),
          transaction.user_id === null ? null : (
            <Link key="driver" href={`/drivers/${transaction.user_id}`} className="hover:underline">
              {transaction.user_name}
            </Link>
          ),
        ],
        [t("idTag"), <code key="tag" className="font-mono text-[0.8125rem]">{transaction.id_tag}</code>],
        [t("started"), moment(transaction.started_at)],
        [t("stopped"), transaction.stopped_at ? moment(transaction.stopped_at) : null],
        [t("reason"), transaction.stop_reason],
        [t("statusReason"), transaction.status_reason],
        [t("reconcileBy"), transaction.reconcile_by ? format.time(transaction.reconcile_by) : null],
        [t("note"), transaction.note],
      ]}
    />
  );
}
