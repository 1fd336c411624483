"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { PageHeader } from "@/components/ui/page-header";
import { ReservationsTable } from "@/features/reservations/reservations-table";
import { ReserveDialog } from "@/features/reservations/reserve-dialog";
import { useUrlState } from "@/lib/url-state";

export function ReservationsPage() {
  const t = useTranslations("reservations");
  const [url, setUrl] = useUrlState();
  const [isReserving, setIsReserving] = useState(false);
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <Button look="primary" onClick={() => setIsReserving(true)}>
            <Plus aria-hidden />
            {t("reserve")}
          </Button>
        }
      />
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
      </FilterBar>
      <ReservationsTable url={url} onUrl={setUrl} />
      {isReserving ? <ReserveDialog onClose={() => setIsReserving(false)} /> : null}
    </>
  );
}
