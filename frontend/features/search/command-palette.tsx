"use client";

import { ArrowRight, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog as Radix } from "radix-ui";
import { type KeyboardEvent, useEffect, useState } from "react";
import { useTranslations } from "use-intl";

import { type Target, useTargets } from "@/features/search/targets";
import { cx } from "@/lib/classes";

interface PaletteProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Ctrl-K: finds any place, charger, station, person, id tag, transaction or action. */
export function CommandPalette({ isOpen, onOpenChange }: PaletteProps) {
  const t = useTranslations("search");
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      onOpenChange(true);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onOpenChange]);
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-[1100] bg-black/45" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-[1101] w-[min(38rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-2xl border border-line bg-raised shadow-pop animate-[appear_120ms]"
        >
          <Radix.Title className="sr-only">{t("title")}</Radix.Title>
          <Finder onDone={() => onOpenChange(false)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Finder({ onDone }: { onDone: () => void }) {
  const t = useTranslations("search");
  const router = useRouter();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const { targets, isLoading } = useTargets(text);
  const current = Math.min(chosen, Math.max(targets.length - 1, 0));

  const go = (target: Target | undefined) => {
    if (target === undefined) return;
    onDone();
    if (typeof target.goal === "string") router.push(target.goal);
    else target.goal();
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && targets.length > 0) {
      event.preventDefault();
      setChosen((current + step + targets.length) % targets.length);
    }
    if (event.key === "Enter") go(targets[current]);
  };
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search className="size-4.5 text-muted" aria-hidden />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls="found"
          aria-activedescendant={targets[current] ? `found-${current}` : undefined}
          aria-label={t("title")}
          placeholder={t("placeholder")}
          className="h-13 flex-1 bg-transparent text-base outline-none"
          value={text}
          onKeyDown={onKey}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
        />
      </div>
      <ul id="found" role="listbox" aria-label={t("title")} className="max-h-[55vh] overflow-y-auto p-2">
        {targets.map((target, index) => (
          <li
            key={target.key}
            id={`found-${index}`}
            role="option"
            aria-selected={index === current}
            onClick={() => go(target)}
            onMouseMove={() => setChosen(index)}
            className={cx(
              "flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2",
              index === current && "bg-accent-soft",
            )}
          >
            <span className="min-w-0 flex-1 truncate">
              {target.title}
              {target.subtitle ? <span className="ml-2 text-muted">{target.subtitle}</span> : null}
            </span>
            <span className="text-[0.8125rem] text-muted">{target.group}</span>
            <ArrowRight className={cx("size-4 text-accent", index !== current && "invisible")} aria-hidden />
          </li>
        ))}
        {targets.length === 0 ? (
          <li role="presentation" className="px-3 py-6 text-center text-muted">
            {isLoading ? t("searching") : t("nothing")}
          </li>
        ) : null}
      </ul>
    </>
  );
}
