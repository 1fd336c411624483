"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Radio } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { Section } from "@/components/ui/facts";
import { FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { ModelSheet } from "@/features/leniency/model-sheet";
import { type ModelLeniency, modelsQuery, type Rule, rulesQuery } from "@/features/leniency/queries";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

/** Which deviations are repaired, for which models, and how often that was needed. */
export function LeniencySection() {
  const t = useTranslations("leniency");
  const rules = useQuery(rulesQuery);
  if (rules.isError && !rules.data) {
    return <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />;
  }
  if (!rules.data) return <Skeleton className="h-96 w-full" />;
  return (
    <div className="flex flex-col gap-5">
      <p className="max-w-prose text-muted">{t("description")}</p>
      <Models rules={rules.data.rules} />
      <Section title={t("rules", { days: rules.data.days })}>
        <ul className="-my-2 divide-y divide-line">
          {[...rules.data.rules]
            .sort((a, b) => b.hits - a.hits)
            .map((rule) => (
              <RuleRow key={rule.name} rule={rule} />
            ))}
        </ul>
      </Section>
    </div>
  );
}

function Models({ rules }: { rules: Rule[] }) {
  const t = useTranslations("leniency");
  const [url, setUrl] = useUrlState();
  const [edited, setEdited] = useState<ModelLeniency | null>(null);
  const query = useQuery({ ...modelsQuery(listParams(url)), placeholderData: keepPreviousData });
  const columns: Column<ModelLeniency>[] = [
    {
      id: "model",
      label: t("model"),
      cell: (row) => (
        <span className="block py-1.5 whitespace-normal">
          <span className="font-medium">{row.model}</span>
          <span className="block text-[0.8125rem] text-muted">{row.vendor}</span>
        </span>
      ),
    },
    { id: "chargers", label: t("chargers"), isNumber: true, isMinor: true, cell: (row) => row.chargers },
    {
      id: "repairs",
      label: t("repairs"),
      isNumber: true,
      cell: (row) => Object.values(row.hits).reduce((sum, hits) => sum + hits, 0),
    },
    {
      id: "set",
      label: t("set"),
      isMinor: true,
      cell: (row) =>
        Object.keys(row.rules).length === 0 ? (
          <span className="text-muted">{t("defaults")}</span>
        ) : (
          <Badge tone="accent">{t("differ", { count: Object.keys(row.rules).length })}</Badge>
        ),
    },
    {
      id: "edit",
      label: t("change"),
      cell: (row) => (
        <Button size="small" onClick={() => setEdited(row)}>
          {t("change")}
        </Button>
      ),
    },
  ];
  return (
    <div>
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
      </FilterBar>
      <DataTable
        label={t("models")}
        columns={columns}
        query={query}
        rowKey={(row) => `${row.vendor} ${row.model}`}
        url={url}
        onUrl={setUrl}
        empty={<EmptyState icon={<Radio aria-hidden />} title={t("empty")} hint={t("emptyHint")} />}
      />
      {edited ? <ModelSheet model={edited} rules={rules} onClose={() => setEdited(null)} /> : null}
    </div>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  const t = useTranslations("leniency");
  const format = useFormat();
  return (
    <li className="py-2.5">
      <details>
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1">
          <code className="min-w-0 font-mono text-[0.8125rem] break-all">{rule.name}</code>
          <Badge tone={rule.is_default ? "good" : "idle"}>{rule.is_default ? t("on") : t("off")}</Badge>
          <span className="ml-auto text-muted tabular-nums">
            {rule.hits === 0 ? t("unused") : t("used", { hits: rule.hits, chargers: rule.chargers })}
          </span>
        </summary>
        <p lang="en" className="mt-2 max-w-prose">
          {rule.deviation}: {rule.repair}.
        </p>
        <p lang="en" className="mt-1 max-w-prose text-muted">
          {rule.reason} <span className="whitespace-nowrap">(§ {rule.section})</span>
        </p>
        {rule.last_at ? (
          <p className="mt-1 text-[0.8125rem] text-muted">
            {t("last", { at: format.time(rule.last_at) })} · {rule.models.map((use) => `${use.vendor} ${use.model}: ${use.hits}`).join(" · ")}
          </p>
        ) : null}
      </details>
    </li>
  );
}
