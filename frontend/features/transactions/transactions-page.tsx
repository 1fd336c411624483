"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { Input } from "@/components/ui/input";
import { PageHeader } from "@/components/ui/page-header";
import { useErrorText } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { StationFilter } from "@/features/stations/station-picker";
import { exportTransactions } from "@/features/transactions/export";
import { BILLING_STATUSES, STATUSES, transactionsFilter } from "@/features/transactions/filter";
import { TransactionsTable } from "@/features/transactions/transactions-table";
import { useUrlState } from "@/lib/url-state";

export function TransactionsPage() {
  const t = useTranslations("transactions");
  const words = useTranslations("status");
  const [url, setUrl] = useUrlState();
  const describe = useErrorText();
  const [isExporting, setIsExporting] = useState(false);
  const download = () => {
    setIsExporting(true);
    exportTransactions(transactionsFilter(url))
      .catch((error: unknown) => {
        showToast("bad", describe(error instanceof Error ? error : new Error(String(error))));
      })
      .finally(() => setIsExporting(false));
  };
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={
          <Button isBusy={isExporting} onClick={download}>
            <Download aria-hidden />
            {t("export")}
          </Button>
        }
      />
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="status"
          label={t("status")}
          options={STATUSES.map((value) => ({ value, label: words(`transaction.${value}`) }))}
        />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="billing"
          label={t("billing")}
          options={BILLING_STATUSES.map((value) => ({ value, label: words(`billing.${value}`) }))}
        />
        <StationFilter url={url} onUrl={setUrl} />
        {(["from", "to", "ended"] as const).map((name) => (
          <label key={name} className="flex items-center gap-2 text-[0.8125rem] text-muted">
            {t(name)}
            <Input
              type="date"
              className="w-38"
              value={url[name] ?? ""}
              onChange={(event) => setUrl({ [name]: event.target.value })}
            />
          </label>
        ))}
      </FilterBar>
      <TransactionsTable url={url} onUrl={setUrl} />
    </>
  );
}
