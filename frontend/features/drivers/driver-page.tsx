"use client";

import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus, Scale, UserCheck, UserX, WalletCards } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { User } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { PageHeader } from "@/components/ui/page-header";
import { Stat } from "@/components/ui/stat";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { Tabs } from "@/components/ui/tabs";
import { CorrectionDialog } from "@/features/drivers/correction-dialog";
import { useEraseUser, userQuery, userTransfersQuery, useSetActive } from "@/features/drivers/queries";
import { TopUpDialog } from "@/features/drivers/top-up-dialog";
import { UserSheet } from "@/features/drivers/user-sheet";
import { IdTagsTable } from "@/features/id-tags/id-tags-table";
import { TransactionsTable } from "@/features/transactions/transactions-table";
import { TransfersTable } from "@/features/wallet/transfers-table";
import { useFormat } from "@/lib/format/use-format";
import { listParams } from "@/lib/list-params";
import { useRouteNumber } from "@/lib/route-id";
import { useUrlState } from "@/lib/url-state";

export function DriverPage() {
  const user = useQuery(userQuery(useRouteNumber()));
  if (user.isError && !user.data) {
    return <ErrorState error={user.error} onRetry={() => void user.refetch()} />;
  }
  if (!user.data) {
    return (
      <div aria-busy>
        <Skeleton className="mb-6 h-7 w-64" />
        <Skeleton className="mb-4 h-24 w-full" />
      </div>
    );
  }
  return <LoadedDriver user={user.data} />;
}

function LoadedDriver({ user }: { user: User }) {
  const t = useTranslations("drivers");
  const format = useFormat();
  const [url, setUrl] = useUrlState();
  const transfers = useQuery(userTransfersQuery(user.id, listParams(url)));
  const choose = (value: string) =>
    setUrl(Object.fromEntries([...Object.keys(url).map((key) => [key, ""]), ["tab", value]]));
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            {user.full_name}
            <Badge tone={user.is_active ? "good" : "idle"}>
              {user.is_active ? t("active") : t("inactive")}
            </Badge>
          </span>
        }
        description={`${user.email} · ${t(`roles.${user.role}`)}`}
        actions={user.is_erased ? null : <DriverActions user={user} />}
      />
      <div className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat label={t("balance")} value={format.money(user.wallet.balance)} />
        <Stat label={t("available")} value={format.money(user.wallet.available)} />
        <Stat label={t("held")} value={format.money(user.wallet.held)} note={t("heldHint")} />
        <Stat label={t("appTag")} value={<code className="truncate font-mono text-sm">{user.app_id_tag ?? "–"}</code>} />
      </div>
      <Tabs
        label={t("tabs")}
        value={url.tab ?? "sessions"}
        onChange={(value) => choose(value === "sessions" ? "" : value)}
        tabs={[
          {
            value: "sessions",
            label: t("sessions"),
            content: <TransactionsTable url={url} onUrl={setUrl} fixed={{ user_id: user.id }} />,
          },
          {
            value: "wallet",
            label: t("ledger"),
            content: (
              <TransfersTable
                query={transfers}
                url={url}
                onUrl={setUrl}
                empty={
                  <EmptyState icon={<WalletCards aria-hidden />} title={t("noTransfers")} hint={t("noTransfersHint")} />
                }
              />
            ),
          },
          { value: "tags", label: t("idTags"), content: <IdTagsTable url={url} onUrl={setUrl} userId={user.id} /> },
        ]}
      />
    </>
  );
}

function DriverActions({ user }: { user: User }) {
  const t = useTranslations("drivers");
  const router = useRouter();
  const [open, setOpen] = useState<"top-up" | "correct" | "edit" | "active" | "erase" | null>(null);
  const setActive = useSetActive(user.id);
  const erase = useEraseUser(user.id);
  const [url, setUrl] = useUrlState();
  const close = () => {
    setOpen(null);
    if (url.do) setUrl({ do: "" });
  };
  return (
    <>
      <Button look="primary" onClick={() => setOpen("top-up")}>
        <Plus aria-hidden />
        {t("topUp")}
      </Button>
      <Button onClick={() => setOpen("correct")}>
        <Scale aria-hidden />
        {t("correct")}
      </Button>
      <Button onClick={() => setOpen("edit")}>
        <Pencil aria-hidden />
        {t("edit")}
      </Button>
      {user.is_active ? (
        <Button onClick={() => setOpen("active")}>
          <UserX aria-hidden />
          {t("deactivate")}
        </Button>
      ) : (
        <Button isBusy={setActive.isPending} onClick={() => setActive.mutate(true)}>
          <UserCheck aria-hidden />
          {t("reactivate")}
        </Button>
      )}
      <Button look="quiet" className="text-bad" onClick={() => setOpen("erase")}>
        {t("erase")}
      </Button>
      <TopUpDialog user={user} isOpen={open === "top-up" || url.do === "top-up"} onClose={close} />
      <CorrectionDialog user={user} isOpen={open === "correct"} onClose={close} />
      <UserSheet key={user.updated_at} user={user} isOpen={open === "edit"} onClose={close} />
      <ConfirmDialog
        isOpen={open === "active"}
        onClose={close}
        title={t("deactivateTitle")}
        text={t("deactivateText")}
        action={t("deactivate")}
        isBusy={setActive.isPending}
        error={setActive.error}
        onConfirm={() => setActive.mutate(false, { onSuccess: close })}
      />
      <ConfirmDialog
        isOpen={open === "erase"}
        onClose={close}
        title={t("eraseTitle")}
        text={t("eraseText")}
        action={t("erase")}
        isBusy={erase.isPending}
        error={erase.error}
        onConfirm={() => erase.mutate(undefined, { onSuccess: () => router.push("/drivers") })}
      />
    </>
  );
}
