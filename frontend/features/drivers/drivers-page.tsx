"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus, Users } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { User } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { PageHeader } from "@/components/ui/page-header";
import { EmptyState } from "@/components/ui/states";
import { usersQuery } from "@/features/drivers/queries";
import { UserSheet } from "@/features/drivers/user-sheet";
import { useFormat } from "@/lib/format/use-format";
import { listParams, oneOf } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

const ROLES = ["USER", "ADMIN"] as const;

export function DriversPage() {
  const t = useTranslations("drivers");
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const [isCreating, setIsCreating] = useState(false);
  const query = useQuery({
    ...usersQuery({
      ...listParams(url),
      role: oneOf(url.role, ROLES),
      is_active: url.active ? url.active === "true" : undefined,
    }),
    placeholderData: keepPreviousData,
  });
  const columns: Column<User>[] = [
    {
      id: "name",
      label: t("name"),
      sort: "full_name",
      cell: (row) => (
        <Link href={`/drivers/${row.id}`} className="font-medium hover:underline">
          {row.full_name}
        </Link>
      ),
    },
    { id: "email", label: t("email"), sort: "email", isMinor: true, cell: (row) => row.email },
    { id: "role", label: t("role"), sort: "role", isMinor: true, cell: (row) => t(`roles.${row.role}`) },
    {
      id: "state",
      label: t("state"),
      cell: (row) => (
        <Badge tone={row.is_active ? "good" : "idle"}>{row.is_active ? t("active") : t("inactive")}</Badge>
      ),
    },
    {
      id: "balance",
      label: t("balance"),
      isNumber: true,
      cell: (row) => (
        <span className={row.wallet.balance.amount.startsWith("-") ? "text-bad" : undefined}>
          {format.money(row.wallet.balance)}
        </span>
      ),
    },
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
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="role"
          label={t("role")}
          options={ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))}
        />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="active"
          label={t("state")}
          options={[
            { value: "true", label: t("active") },
            { value: "false", label: t("inactive") },
          ]}
        />
      </FilterBar>
      <DataTable
        label={t("title")}
        columns={columns}
        query={query}
        rowKey={(row) => row.id}
        rowHref={(row) => `/drivers/${row.id}`}
        url={url}
        onUrl={setUrl}
        defaultSort="email"
        empty={<EmptyState icon={<Users aria-hidden />} title={t("empty")} hint={t("emptyHint")} action={add} />}
      />
      <UserSheet user={null} isOpen={isCreating} onClose={() => setIsCreating(false)} />
    </>
  );
}
