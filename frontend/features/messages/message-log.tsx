"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { ArrowDownLeft, ArrowUpRight, Download, Pause, Play, ScrollText } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { Message } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ChoiceFilter, FilterBar, SearchFilter } from "@/components/ui/filter-bar";
import { Input } from "@/components/ui/input";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { type Exchange, foldExchanges } from "@/features/messages/exchanges";
import { Payload } from "@/features/messages/payload";
import { type LogFilter, messagesQuery } from "@/features/messages/queries";
import { saveFile } from "@/lib/save-file";
import { cx } from "@/lib/classes";
import { useFormat } from "@/lib/format/use-format";
import { oneOf, startOfDay } from "@/lib/list-params";
import { useUrlState } from "@/lib/url-state";

const ACTIONS = [
  "Authorize",
  "BootNotification",
  "ChangeAvailability",
  "ChangeConfiguration",
  "GetConfiguration",
  "Heartbeat",
  "MeterValues",
  "RemoteStartTransaction",
  "RemoteStopTransaction",
  "Reset",
  "StartTransaction",
  "StatusNotification",
  "StopTransaction",
  "TriggerMessage",
] as const;

const DIRECTIONS = ["IN", "OUT"] as const;
const KINDS = ["CALL", "CALLRESULT", "CALLERROR"] as const;

/** Everything that went over the wire, request and answer folded together, following live. */
export function MessageLog({ chargerId }: { chargerId?: number }) {
  const t = useTranslations("messages");
  const [url, setUrl] = useUrlState();
  const [isFollowing, setIsFollowing] = useState(true);
  const filter: LogFilter = {
    charger_id: chargerId ?? (Number(url.charger) || undefined),
    charge_point_id: url.cp || undefined,
    action: url.action || undefined,
    search: url.search || undefined,
    direction: oneOf(url.direction, DIRECTIONS),
    kind: oneOf(url.kind, KINDS),
    from: startOfDay(url.from),
    to: startOfDay(url.to, 1),
  };
  const log = useInfiniteQuery({
    ...messagesQuery(filter, isFollowing),
    placeholderData: keepPreviousData,
  });
  const messages = log.data?.pages.flatMap((page) => page.data) ?? [];
  const download = () =>
    saveFile(`messages-${chargerId ?? "all"}.json`, "application/json", JSON.stringify(messages, null, 2));
  const FollowIcon = isFollowing ? Pause : Play;
  return (
    <>
      <FilterBar>
        <SearchFilter url={url} onUrl={setUrl} label={t("search")} />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="action"
          label={t("action")}
          options={ACTIONS.map((value) => ({ value, label: value }))}
        />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="direction"
          label={t("direction")}
          options={[
            { value: "IN", label: t("fromCharger") },
            { value: "OUT", label: t("toCharger") },
          ]}
        />
        <ChoiceFilter
          url={url}
          onUrl={setUrl}
          name="kind"
          label={t("kind")}
          options={KINDS.map((value) => ({ value, label: value }))}
        />
        {(["from", "to"] as const).map((name) => (
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
        <Button aria-pressed={isFollowing} onClick={() => setIsFollowing(!isFollowing)}>
          <FollowIcon aria-hidden />
          {isFollowing ? t("hold") : t("follow")}
        </Button>
        <Button onClick={download} disabled={messages.length === 0}>
          <Download aria-hidden />
          {t("export")}
        </Button>
      </FilterBar>
      <div className="card overflow-hidden">
        <LogBody log={log} messages={messages} isOfAll={chargerId === undefined} />
      </div>
      {log.hasNextPage ? (
        <div className="mt-3 flex justify-center">
          <Button isBusy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {t("older")}
          </Button>
        </div>
      ) : null}
    </>
  );
}

interface BodyProps {
  log: { data: unknown; error: Error | null; refetch: () => unknown };
  messages: Message[];
  isOfAll: boolean;
}

function LogBody({ log, messages, isOfAll }: BodyProps) {
  const t = useTranslations("messages");
  if (log.error && !log.data) {
    return <ErrorState error={log.error} onRetry={() => void log.refetch()} />;
  }
  if (!log.data) {
    return Array.from({ length: 10 }, (_, index) => (
      <div key={index} className="flex h-11 items-center border-b border-line px-4">
        <Skeleton className="w-full" />
      </div>
    ));
  }
  if (messages.length === 0) {
    return <EmptyState icon={<ScrollText aria-hidden />} title={t("empty")} hint={t("emptyHint")} />;
  }
  return (
    <ul className="divide-y divide-line">
      {foldExchanges(messages).map((exchange) => (
        <ExchangeRow key={exchange.key} exchange={exchange} isOfAll={isOfAll} />
      ))}
    </ul>
  );
}

function ExchangeRow({ exchange, isOfAll }: { exchange: Exchange; isOfAll: boolean }) {
  const t = useTranslations("messages");
  const format = useFormat();
  const first = exchange.request ?? exchange.answer;
  if (first === null) return null;
  const isFromCharger = exchange.request ? first.direction === "IN" : first.direction === "OUT";
  const Icon = isFromCharger ? ArrowDownLeft : ArrowUpRight;
  const isError = exchange.answer?.kind === "CALLERROR";
  return (
    <li>
      <details className="group">
        <summary className="flex min-h-11 cursor-pointer items-center gap-3 px-4 py-1.5 hover:bg-sunken focus-visible:outline-offset-[-2px]">
          <span className="font-mono text-[0.75rem] text-muted">{format.time(first.received_at, "second")}</span>
          <Icon
            className={cx("size-4 shrink-0", isFromCharger ? "text-accent" : "text-violet")}
            aria-label={isFromCharger ? t("fromCharger") : t("toCharger")}
          />
          {isOfAll ? (
            <span className="font-mono text-[0.75rem]">{first.charge_point_id}</span>
          ) : null}
          <span className="font-medium">{first.action ?? t("unreadable")}</span>
          <span className="min-w-0 flex-1 truncate font-mono text-[0.75rem] text-muted max-md:hidden">
            {shortText(first.payload)}
          </span>
          {first.is_repeat ? <Badge tone="violet">{t("repeat")}</Badge> : null}
          {first.repairs ? <Badge tone="warn">{t("repaired")}</Badge> : null}
          {isError ? <Badge tone="bad">CALLERROR</Badge> : null}
          {exchange.answer || isError ? null : <Badge tone="idle">{t("unanswered")}</Badge>}
        </summary>
        <div className="grid gap-3 bg-sunken px-4 py-3 lg:grid-cols-2">
          {isOfAll ? (
            <Link
              href={`/chargers/${first.charger_id}?tab=messages`}
              className="inline-flex min-h-6 w-fit items-center text-accent underline underline-offset-2 lg:col-span-2"
            >
              {first.charge_point_id}
            </Link>
          ) : null}
          <Payload title={t("request")} message={exchange.request} action={first.action} />
          <Payload title={t("answer")} message={exchange.answer} action={first.action} />
        </div>
      </details>
    </li>
  );
}

function shortText(payload: unknown): string {
  return typeof payload === "string" ? payload : JSON.stringify(payload);
}
