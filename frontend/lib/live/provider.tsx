"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useState } from "react";

import { identityHeaders, IS_OTHER_ORIGIN } from "@/api/client";
import { createEventParser } from "@/lib/live/event-stream";
import { ALL_SUBJECTS, subjectsOf } from "@/lib/live/subjects";

const COALESCE_MS = 700;
const POLL_MS = 15_000;
/** The server says something at least every 15 s; a line that is silent for longer is dead. */
const SILENCE_MAX_MS = 50_000;
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 30_000];

export type LiveState = "connecting" | "live" | "polling";

const LiveContext = createContext<LiveState>("connecting");

/** Whether what is shown follows by itself, or is asked for every few seconds. */
export function useLiveState(): LiveState {
  return use(LiveContext);
}

/** One stream of events for the tab; each event makes what it concerns load again. */
export function LiveUpdates({ url, children }: { url: string; children: ReactNode }) {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");

  useEffect(() => {
    const ending = new AbortController();
    const stale = new Set<string>();
    let flushing: number | undefined;
    const flush = () => {
      flushing = undefined;
      for (const subject of stale) void queries.invalidateQueries({ queryKey: [subject] });
      stale.clear();
    };
    const mark = (subjects: string[]) => {
      for (const subject of subjects) stale.add(subject);
      flushing ??= window.setTimeout(flush, COALESCE_MS);
    };
    const onRefused = () => void queries.invalidateQueries({ queryKey: ["profile"] });
    void follow(url, ending.signal, (name) => mark(subjectsOf(name)), setState, onRefused);
    return () => {
      ending.abort();
      window.clearTimeout(flushing);
    };
  }, [url, queries]);

  useEffect(() => {
    if (state !== "polling") return;
    const timer = window.setInterval(() => {
      for (const subject of ALL_SUBJECTS) void queries.invalidateQueries({ queryKey: [subject] });
    }, POLL_MS);
    return () => window.clearInterval(timer);
  }, [state, queries]);

  return <LiveContext value={state}>{children}</LiveContext>;
}

async function follow(
  url: string,
  signal: AbortSignal,
  onEvent: (name: string) => void,
  onState: (state: LiveState) => void,
  onRefused: () => void,
): Promise<void> {
  let lastId: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    const line = openLine(signal);
    try {
      const response: Response = await fetch(url, {
        signal: line.signal,
        credentials: IS_OTHER_ORIGIN ? "omit" : "same-origin",
        headers: {
          Accept: "text/event-stream",
          ...identityHeaders("GET"),
          ...(lastId === null ? {} : { "Last-Event-ID": lastId }),
        },
      });
      if (response.status === 401) onRefused();
      if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
      onState("live");
      if (failures > 0) onEvent("gap");
      failures = 0;
      const push = createEventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        line.heard();
        for (const event of push(part.value)) {
          lastId = event.id ?? lastId;
          onEvent(event.name);
        }
      }
    } catch {
      if (signal.aborted) return;
    } finally {
      line.close();
    }
    onState("polling");
    await pause(PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 30_000, signal);
    failures += 1;
  }
}

/** A signal that also fires after a long silence: a phone that slept keeps a line that is dead. */
function openLine(signal: AbortSignal) {
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener("abort", end);
  let timer = window.setTimeout(end, SILENCE_MAX_MS);
  return {
    signal: ending.signal,
    heard: () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(end, SILENCE_MAX_MS);
    },
    close: () => {
      window.clearTimeout(timer);
      signal.removeEventListener("abort", end);
      end();
    },
  };
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, durationMs);
    signal.addEventListener("abort", () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
}
