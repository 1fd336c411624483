"use client";

import { ArrowLeftRight, BatteryCharging, CirclePause, CircleStop, type LucideIcon } from "lucide-react";
import { useTranslations } from "use-intl";

import type { TransactionDetail, Transfer } from "@/api/types";
import { useFormat } from "@/lib/format/use-format";

interface Moment {
  key: string;
  at: string;
  icon: LucideIcon;
  title: string;
  detail: string | null;
}

function useMoments(transaction: TransactionDetail): Moment[] {
  const t = useTranslations("transactions");
  const format = useFormat();
  const moved = (transfer: Transfer) =>
    transfer.postings
      .map((posting) => `${t(`accounts.${accountOf(posting.account)}`)} ${format.money(posting.amount)}`)
      .join(" · ");
  const moments: (Moment | null)[] = [
    {
      key: "start",
      at: transaction.received_at,
      icon: BatteryCharging,
      title: t("moments.start", { status: transaction.authorization_status }),
      detail: t("moments.startDetail", {
        time: transaction.charger_started_at,
        tag: transaction.id_tag,
      }),
    },
    transaction.status === "PENDING_RECONCILIATION"
      ? {
          key: "pending",
          at: transaction.reconcile_by ?? transaction.received_at,
          icon: CirclePause,
          title: t("moments.pending"),
          detail: transaction.status_reason,
        }
      : null,
    transaction.stopped_at
      ? {
          key: "stop",
          at: transaction.stop_received_at ?? transaction.stopped_at,
          icon: CircleStop,
          title: t("moments.stop", { reason: transaction.stop_reason ?? "–" }),
          detail: t("moments.stopDetail", { source: transaction.stop_source ?? "–" }),
        }
      : null,
    ...transaction.transfers.map((transfer) => ({
      key: `transfer ${transfer.id}`,
      at: transfer.created_at,
      icon: ArrowLeftRight,
      title: t(`transfers.${transferKind(transfer.kind)}`),
      detail: moved(transfer),
    })),
  ];
  return moments.filter((moment) => moment !== null).sort((a, b) => a.at.localeCompare(b.at));
}

const ACCOUNTS = ["wallet", "hold", "cash", "revenue", "adjustment"] as const;
const KINDS = ["top_up", "charge", "correction", "hold", "release", "refund"] as const;

function accountOf(name: string): (typeof ACCOUNTS)[number] {
  return ACCOUNTS.find((account) => account === name) ?? "adjustment";
}

export function transferKind(kind: string): (typeof KINDS)[number] {
  return KINDS.find((known) => known === kind) ?? "correction";
}

/** What happened to a session and its money, in order. */
export function Timeline({ transaction }: { transaction: TransactionDetail }) {
  const format = useFormat();
  return (
    <ol className="flex flex-col">
      {useMoments(transaction).map((moment) => (
        <li key={moment.key} className="relative flex gap-3 pb-5 last:pb-0 [&:not(:last-child)]:before:absolute [&:not(:last-child)]:before:top-8 [&:not(:last-child)]:before:bottom-0 [&:not(:last-child)]:before:left-4 [&:not(:last-child)]:before:w-px [&:not(:last-child)]:before:bg-line">
          <span className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-accent">
            <moment.icon className="size-4" aria-hidden />
          </span>
          <div className="min-w-0">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-medium">{moment.title}</span>
              <time dateTime={moment.at} className="text-[0.8125rem] text-muted">
                {format.time(moment.at)}
              </time>
            </p>
            {moment.detail ? <p className="break-words text-muted">{moment.detail}</p> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
