"use client";

import { useTranslations } from "use-intl";

import type { Message } from "@/api/types";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { JsonView } from "@/components/ui/json-view";
import { ErrorLine } from "@/components/ui/states";
import { useExplanation } from "@/features/messages/queries";
import { useFormat } from "@/lib/format/use-format";

const TONES: Record<string, Tone> = { valid: "good", repaired: "warn", invalid: "bad" };

interface PayloadProps {
  title: string;
  message: Message | null;
  /** What the exchange is about; an answer does not name it. */
  action: string | null;
}

/** One side of an exchange, with what was repaired, and explained when asked. */
export function Payload({ title, message, action }: PayloadProps) {
  const format = useFormat();
  const t = useTranslations("messages");
  return (
    <div className="min-w-0">
      <p className="mb-1 flex justify-between gap-2 text-[0.8125rem] text-muted">
        <span>{title}</span>
        <span className="font-mono">{message ? format.time(message.received_at, "second") : ""}</span>
      </p>
      {message ? <JsonView value={message.payload} /> : <p className="text-muted">{t("none")}</p>}
      {message?.repairs ? (
        <>
          <p className="mt-2 mb-1 text-[0.8125rem] text-warn">{t("repairs")}</p>
          <JsonView value={message.repairs} />
        </>
      ) : null}
      {message ? <Explained message={message} action={action} /> : null}
    </div>
  );
}

/** The frame as it stood on the wire, as far as the log keeps it. */
function frameOf(message: Message, action: string | null): string {
  const { kind, message_id: id, payload } = message;
  if (kind === "CALL") return JSON.stringify([2, id, action, payload]);
  if (kind === "CALLRESULT") return JSON.stringify([3, id, payload]);
  if (kind === "CALLERROR" && Array.isArray(payload)) return JSON.stringify([4, id, ...(payload as unknown[])]);
  if (kind === "CALLERROR" && typeof payload === "object" && payload !== null) {
    const { code, description, details } = payload as Record<string, unknown>;
    return JSON.stringify([4, id, code ?? "", description ?? "", details ?? {}]);
  }
  return typeof payload === "string" ? payload : JSON.stringify(payload);
}

function Explained({ message, action }: { message: Message; action: string | null }) {
  const t = useTranslations("messages");
  const explain = useExplanation();
  const found = explain.data;
  if (!found) {
    return (
      <>
        <Button
          size="small"
          look="quiet"
          className="mt-2"
          isBusy={explain.isPending}
          onClick={() =>
            explain.mutate({
              frame: frameOf(message, action),
              answer_to: message.kind === "CALL" ? undefined : (action ?? undefined),
            })
          }
        >
          {t("explain")}
        </Button>
        <ErrorLine error={explain.error} />
      </>
    );
  }
  return (
    <div className="mt-3 flex flex-col gap-1.5 rounded-lg border border-line bg-surface p-3" role="status">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={TONES[found.verdict] ?? "idle"}>{t(`verdicts.${found.verdict}`)}</Badge>
        <span className="text-[0.8125rem] text-muted">
          {[found.section ? `OCPP ${found.section}` : null, found.direction].filter(Boolean).join(" · ")}
        </span>
      </p>
      <p>{found.meaning}</p>
      {found.faults.map((fault) => (
        <p key={`${fault.path} ${fault.rule}`} className="text-bad">
          <code className="font-mono text-[0.8125rem]">{fault.path || fault.rule}</code> {fault.detail}{" "}
          <span className="text-muted">({fault.section})</span>
        </p>
      ))}
      {found.repairs.map((repair) => (
        <p key={`${repair.path} ${repair.rule}`} className="text-warn">
          <code className="font-mono text-[0.8125rem]">{repair.path || repair.rule}</code> {repair.raw} → {repair.used}:{" "}
          {repair.reason}
        </p>
      ))}
      {found.consequence ? <p className="text-muted">{found.consequence}</p> : null}
    </div>
  );
}
