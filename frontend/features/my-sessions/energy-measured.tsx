"use client";

import { useTranslations } from "use-intl";

import type { TransactionDetail } from "@/api/types";
import { Facts } from "@/components/ui/facts";
import { energyBasis } from "@/features/my-sessions/bill-lines";
import { useFormat } from "@/lib/format/use-format";

/** Where the kilowatt-hours come from: two registers and what was taken of them. */
export function EnergyMeasured({ session }: { session: TransactionDetail }) {
  const t = useTranslations("driver.receipt");
  const words = useTranslations("transactions");
  const format = useFormat();
  const basis = energyBasis(session.energy_explained);
  const kwh = (energyWh: number | null) =>
    energyWh === null ? null : `${format.number(energyWh / 1000, 3)} kWh`;
  return (
    <section className="mt-4 border-t border-line pt-4">
      <h2 className="mb-2 font-semibold">{t("how")}</h2>
      <Facts
        facts={[
          [words("meterStart"), kwh(session.meter_start_wh)],
          [words("meterStop"), kwh(session.meter_stop_wh)],
          [words("energy"), kwh(session.energy_wh)],
        ]}
      />
      {basis ? <p className="mt-2 text-muted">{t(`basis.${basis}`)}</p> : null}
    </section>
  );
}
