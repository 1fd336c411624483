import type { Message } from "@/api/types";

/** A request with its answer, as far as both are there. */
export interface Exchange {
  key: string;
  request: Message | null;
  answer: Message | null;
}

/** Folds a list of messages, newest first, so that each request stands with its answer. */
export function foldExchanges(messages: Message[]): Exchange[] {
  const byExchange = new Map<string, Exchange>();
  for (const message of messages) {
    const key = message.id.replace(/-\d+$/, "");
    const exchange = byExchange.get(key) ?? { key, request: null, answer: null };
    const isAnswer = message.kind === "CALLRESULT" || message.kind === "CALLERROR";
    byExchange.set(key, isAnswer ? { ...exchange, answer: message } : { ...exchange, request: message });
  }
  return [...byExchange.values()];
}
