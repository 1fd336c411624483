"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CreditCard, Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { IdTag } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { EmptyState } from "@/components/ui/states";
import { IdTagSheet } from "@/features/id-tags/id-tag-sheet";
import { idTagsQuery } from "@/features/id-tags/queries";
import { useNow } from "@/lib/clock";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import type { UrlState } from "@/lib/url-state";

interface TableProps {
  url: UrlState;
  onUrl: (changes: Record<string, string>) => void;
  /** One person's tags only. */
  userId?: number;
}

type Editing = { tag: IdTag | null } | null;

/** Id tags with what they may do; a click edits one. */
export function IdTagsTable({ url, onUrl, userId }: TableProps) {
  const t = useTranslations("idTags");
  const format = useFormat();
  const now = useNow();
  const [editing, setEditing] = useState<Editing>(null);
  const query = useQuery({
    ...idTagsQuery({
      ...listParams(url),
      user_id: userId,
      blocked: url.blocked ? url.blocked === "true" : undefined,
    }),
    placeholderData: keepPreviousData,
  });
  const isExpired = (row: IdTag) => row.expires_at !== null && new Date(row.expires_at) < now;
  const columns: Column<IdTag>[] = [
    {
      id: "id_tag",
      label: t("idTag"),
      sort: "id_tag",
      cell: (row) => (
        <button
          type="button"
          className="font-mono text-[0.8125rem] font-medium hover:underline"
          onClick={() => setEditing({ tag: row })}
        >
          {row.id_tag}
        </button>
      ),
    },
    {
      id: "driver",
      label: t("driver"),
      sort: "user_id",
      cell: (row) =>
        row.user_id === null ? (
          <span className="text-muted">{t("nobody")}</span>
        ) : (
          <Link href={`/drivers/${row.user_id}`} className="hover:underline">
            {row.user_name}
          </Link>
        ),
    },
    {
      id: "state",
      label: t("state"),
      cell: (row) =>
        row.blocked ? (
          <Badge tone="bad">{t("blocked")}</Badge>
        ) : isExpired(row) ? (
          <Badge tone="warn">{t("expired")}</Badge>
        ) : (
          <Badge tone="good">{t("valid")}</Badge>
        ),
    },
    { id: "parent", label: t("parent"), isMinor: true, cell: (row) => row.parent_id_tag ?? "–" },
    {
      id: "expires",
      label: t("expires"),
      sort: "expires_at",
      isMinor: true,
      cell: (row) => (row.expires_at ? format.time(row.expires_at) : t("never")),
    },
    { id: "app", label: t("origin"), isMinor: true, cell: (row) => (row.is_app_tag ? t("app") : t("card")) },
  ];
  const add = (
    <Button look="primary" onClick={() => setEditing({ tag: null })}>
      <Plus aria-hidden />
      {t("create")}
    </Button>
  );
  return (
    <>
      <div className="mb-3 flex justify-end">{add}</div>
      <DataTable
        label={t("title")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id_tag}
        url={url}
        onUrl={onUrl}
        defaultSort="id_tag"
        empty={<EmptyState icon={<CreditCard aria-hidden />} title={t("empty")} hint={t("emptyHint")} />}
      />
      {editing ? <IdTagSheet tag={editing.tag} userId={userId} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
