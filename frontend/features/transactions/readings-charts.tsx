"use client";

import { useQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { useTranslations } from "use-intl";

import type { TransactionDetail } from "@/api/types";
import { LineChart } from "@/components/ui/line-chart";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { meterValuesQuery } from "@/features/transactions/queries";
import { energySince, seriesOf } from "@/features/transactions/readings";
import { useFormat } from "@/lib/format/use-format";

/** Power, energy and state of charge as the charger reported them. */
export function ReadingsCharts({ transaction }: { transaction: TransactionDetail }) {
  const t = useTranslations("transactions");
  const format = useFormat();
  const values = useQuery(meterValuesQuery(transaction.id));
  if (values.isError && !values.data) {
    return <ErrorState error={values.error} onRetry={() => void values.refetch()} />;
  }
  if (!values.data) return <Skeleton className="h-56 w-full" />;
  const readings = values.data.data;
  const power = seriesOf(readings, "Power.Active.Import");
  const energy = energySince(
    seriesOf(readings, "Energy.Active.Import.Register"),
    transaction.meter_start_wh,
  );
  const charge = seriesOf(readings, "SoC");
  const time = (at: number) => format.time(new Date(at), "time");
  if (readings.length === 0) {
    return <EmptyState icon={<Activity aria-hidden />} title={t("noReadings")} hint={t("noReadingsHint")} />;
  }
  return (
    <div className="grid gap-6 md:grid-cols-2">
      <LineChart label={t("power")} points={power} formatValue={format.power} formatTime={time} color="var(--accent)" />
      <LineChart label={t("energy")} points={energy} formatValue={format.energy} formatTime={time} color="var(--good)" />
      <LineChart
        label={t("charge")}
        points={charge}
        highest={100}
        formatValue={(value) => `${format.number(value)} %`}
        formatTime={time}
        color="var(--violet)"
      />
    </div>
  );
}
