"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { HardDriveDownload, Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState } from "@/components/ui/states";
import { CampaignSheet } from "@/features/campaigns/campaign-sheet";
import { type Campaign, campaignsQuery } from "@/features/campaigns/queries";
import { CampaignBadge, CampaignBar } from "@/features/campaigns/status";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

export function CampaignsPage() {
  const t = useTranslations("campaigns");
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const [isCreating, setIsCreating] = useState(false);
  const query = useQuery({ ...campaignsQuery(listParams(url)), placeholderData: keepPreviousData });
  const columns: Column<Campaign>[] = [
    {
      id: "name",
      label: t("name"),
      sort: "name",
      cell: (row) => (
        <Link href={`/campaigns/${row.id}`} className="font-medium hover:underline">
          {row.name}
        </Link>
      ),
    },
    { id: "version", label: t("version"), cell: (row) => <code className="font-mono text-[0.8125rem]">{row.version}</code> },
    { id: "status", label: t("state"), sort: "status", cell: (row) => <CampaignBadge status={row.status} /> },
    { id: "progress", label: t("chargers"), isMinor: true, cell: (row) => <CampaignBar campaign={row} /> },
    { id: "begun", label: t("begun"), sort: "created_at", isMinor: true, cell: (row) => format.time(row.created_at) },
  ];
  const add = (
    <Button look="primary" onClick={() => setIsCreating(true)}>
      <Plus aria-hidden />
      {t("create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} actions={add} />
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
      </FilterBar>
      <DataTable
        label={t("title")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id}
        rowHref={(row) => `/campaigns/${row.id}`}
        url={url}
        onUrl={setUrl}
        defaultSort="-created_at"
        empty={<EmptyState icon={<HardDriveDownload aria-hidden />} title={t("empty")} hint={t("emptyHint")} action={add} />}
      />
      {isCreating ? <CampaignSheet onClose={() => setIsCreating(false)} /> : null}
    </>
  );
}
