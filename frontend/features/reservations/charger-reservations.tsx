"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Button } from "@/components/ui/button";
import { ReservationsTable } from "@/features/reservations/reservations-table";
import { ReserveDialog } from "@/features/reservations/reserve-dialog";
import { useUrlState } from "@/lib/url-state";

export function ChargerReservations({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("reservations");
  const [url, setUrl] = useUrlState();
  const [isReserving, setIsReserving] = useState(false);
  return (
    <>
      <div className="mb-3 flex justify-end">
        <Button look="primary" onClick={() => setIsReserving(true)}>
          <Plus aria-hidden />
          {t("reserve")}
        </Button>
      </div>
      <ReservationsTable url={url} onUrl={setUrl} chargerId={charger.id} />
      {isReserving ? <ReserveDialog chargerId={charger.id} onClose={() => setIsReserving(false)} /> : null}
    </>
  );
}
