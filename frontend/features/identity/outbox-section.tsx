"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { Section } from "@/components/ui/facts";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { outboxQuery } from "@/features/identity/queries";
import { configQuery } from "@/features/session/queries";
import { useFormat } from "@/lib/format/use-format";

/** Letters of a server without a mail server: to try the product out. */
export function OutboxSection() {
  const t = useTranslations("identity.outbox");
  const format = useFormat();
  const config = useQuery(configQuery);
  const isOpen = config.data?.identity.has_outbox === true;
  const outbox = useQuery({ ...outboxQuery, enabled: isOpen });
  if (config.data !== undefined && !isOpen) {
    return <Section title={t("title")}>{t("closed")}</Section>;
  }
  if (outbox.isError) {
    return <ErrorState error={outbox.error} onRetry={() => void outbox.refetch()} />;
  }
  if (outbox.data === undefined) return <Skeleton className="h-40 w-full" />;
  return (
    <Section title={t("title")}>
      <p className="mb-4 max-w-prose text-muted">{t("hint")}</p>
      {outbox.data.data.length === 0 ? <EmptyState title={t("empty")} hint={t("emptyHint")} /> : null}
      <ul className="flex flex-col gap-4">
        {outbox.data.data.map((letter) => (
          <li key={letter.id} className="rounded-lg border border-line p-4">
            <p className="font-medium break-words">{letter.subject}</p>
            <p className="mb-3 text-[0.8125rem] text-muted break-all">
              {letter.recipient} · {format.time(letter.created_at)}
            </p>
            <p className="whitespace-pre-wrap break-words">
              <Linked text={letter.body} />
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Text with its addresses as links. */
function Linked({ text }: { text: string }) {
  return text.split(/(https?:\/\/\S+)/).map((part, place) =>
    place % 2 === 1 ? (
      <a key={place} href={part} className="text-accent break-all underline">
        {part}
      </a>
    ) : (
      part
    ),
  );
}
