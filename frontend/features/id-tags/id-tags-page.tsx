"use client";

import { useTranslations } from "use-intl";

import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { PageHeader } from "@/components/ui/page-header";
import { IdTagsTable } from "@/features/id-tags/id-tags-table";
import { useUrlState } from "@/lib/url-state";

export function IdTagsPage() {
  const t = useTranslations("idTags");
  const ui = useTranslations("ui");
  const [url, setUrl] = useUrlState();
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="blocked"
          label={t("blocked")}
          options={[
            { value: "true", label: ui("yes") },
            { value: "false", label: ui("no") },
          ]}
        />
      </FilterBar>
      <IdTagsTable url={url} onUrl={setUrl} />
    </>
  );
}
