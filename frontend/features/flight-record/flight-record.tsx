"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/facts";
import { JsonView } from "@/components/ui/json-view";
import { ErrorState, Skeleton, useErrorText } from "@/components/ui/states";
import { showToast } from "@/components/ui/toast";
import { type FlightItem, flightRecordQuery, saveFlightRecord } from "@/features/flight-record/queries";
import { useFormat } from "@/lib/format/use-format";

const TONES: Record<FlightItem["kind"], Tone> = {
  frame: "idle",
  decision: "accent",
  reading: "good",
  operation: "violet",
  connection: "idle",
  fault: "bad",
  case: "warn",
  transfer: "good",
  audit: "violet",
};
const SHOWN_AT_FIRST = 60;

/** Every frame, decision, reading and transfer of a session, to look at and to take away. */
export function FlightRecordPanel({ transactionId }: { transactionId: number }) {
  const t = useTranslations("flightRecord");
  const describe = useErrorText();
  const [isOpen, setIsOpen] = useState(false);
  const save = (format: "json" | "text") => {
    saveFlightRecord(transactionId, format).catch((error: Error) => showToast("bad", describe(error)));
  };
  return (
    <Section
      title={t("title")}
      actions={
        <span className="no-print flex gap-1.5">
          <Button size="small" onClick={() => save("json")}>
            <Download aria-hidden />
            JSON
          </Button>
          <Button size="small" onClick={() => save("text")}>
            <Download aria-hidden />
            {t("text")}
          </Button>
        </span>
      }
    >
      {isOpen ? (
        <Items transactionId={transactionId} />
      ) : (
        <p className="flex flex-wrap items-center justify-between gap-3 text-muted">
          {t("hint")}
          <Button size="small" onClick={() => setIsOpen(true)}>
            {t("show")}
          </Button>
        </p>
      )}
    </Section>
  );
}

function Items({ transactionId }: { transactionId: number }) {
  const t = useTranslations("flightRecord");
  const [isWhole, setIsWhole] = useState(false);
  const record = useQuery(flightRecordQuery(transactionId));
  if (record.isError && !record.data) {
    return <ErrorState error={record.error} onRetry={() => void record.refetch()} />;
  }
  if (!record.data) return <Skeleton className="h-72 w-full" />;
  const items = isWhole ? record.data.items : record.data.items.slice(0, SHOWN_AT_FIRST);
  return (
    <>
      {record.data.is_whole ? null : <p className="mb-3 text-warn">{t("cut")}</p>}
      <ol className="-my-2 divide-y divide-line">
        {items.map((item, index) => (
          <Item key={index} item={item} />
        ))}
      </ol>
      {items.length < record.data.items.length ? (
        <Button className="mt-4" size="small" onClick={() => setIsWhole(true)}>
          {t("all", { count: record.data.items.length })}
        </Button>
      ) : null}
    </>
  );
}

function Item({ item }: { item: FlightItem }) {
  const t = useTranslations("flightRecord");
  const format = useFormat();
  return (
    <li className="py-2">
      <details>
        <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-1">
          <span className="tabular-nums text-[0.8125rem] text-muted">{format.time(item.at)}</span>
          <Badge tone={TONES[item.kind]}>{t(`kinds.${item.kind}`)}</Badge>
          <span className="min-w-0 break-words">{item.title}</span>
        </summary>
        <JsonView value={item.data} className="mt-2" />
      </details>
    </li>
  );
}
