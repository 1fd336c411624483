"use client";

import { X } from "lucide-react";
import { type ComponentProps, type KeyboardEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";

import { Input } from "@/components/ui/input";
import { cx } from "@/lib/classes";

export interface PickerOption {
  value: string;
  label: string;
  note?: string;
}

interface PickerProps extends Omit<ComponentProps<"input">, "value" | "onChange" | "className"> {
  /** What stands there once something is chosen; null: nothing is. */
  chosen: string | null;
  text: string;
  onText: (text: string) => void;
  /** What the server found for the text; undefined while it searches. */
  options: PickerOption[] | undefined;
  onChoose: (option: PickerOption | null) => void;
  className?: string;
}

/** A choice out of more than a list can hold: the server searches while one types. */
export function Picker({ chosen, text, onText, options, onChoose, className, ...rest }: PickerProps) {
  const t = useTranslations("ui");
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [marked, setMarked] = useState(0);
  const found = options ?? [];
  const current = Math.min(marked, Math.max(found.length - 1, 0));
  const choose = (option: PickerOption | undefined) => {
    if (!option) return;
    onChoose(option);
    onText("");
    setIsOpen(false);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setIsOpen(true);
      if (found.length > 0) setMarked((current + step + found.length) % found.length);
    }
    if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      choose(found[current]);
    }
    if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      setIsOpen(false);
    }
  };
  return (
    <span className={cx("relative inline-block", className)}>
      <Input
        {...rest}
        role="combobox"
        autoComplete="off"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-activedescendant={isOpen && found[current] ? `${id}-${current}` : undefined}
        className={chosen === null ? undefined : "pr-8"}
        value={isOpen ? text : (chosen ?? text)}
        onFocus={() => setIsOpen(true)}
        onBlur={() => {
          setIsOpen(false);
          onText("");
        }}
        onKeyDown={onKey}
        onChange={(event) => {
          onText(event.target.value);
          setMarked(0);
          setIsOpen(true);
        }}
      />
      {chosen !== null && !isOpen && !rest.required ? (
        <button
          type="button"
          aria-label={t("clear")}
          className="absolute top-1/2 right-1.5 grid size-6 -translate-y-1/2 place-items-center rounded text-muted hover:text-text"
          onClick={() => onChoose(null)}
        >
          <X className="size-4" aria-hidden />
        </button>
      ) : null}
      <ul
        id={id}
        role="listbox"
        aria-label={rest["aria-label"] ?? rest.placeholder ?? t("search")}
        hidden={!isOpen}
        className="absolute top-full left-0 z-[1040] mt-1 max-h-72 w-max min-w-full max-w-[min(24rem,90vw)] overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-pop"
      >
        {found.map((option, index) => (
          <li
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            className={cx("cursor-pointer rounded-md px-2.5 py-1.5", index === current && "bg-idle-soft")}
            onMouseMove={() => setMarked(index)}
            // Before the input loses focus and closes the list.
            onMouseDown={(event) => {
              event.preventDefault();
              choose(option);
            }}
          >
            {option.label}
            {option.note ? <span className="block text-[0.8125rem] text-muted">{option.note}</span> : null}
          </li>
        ))}
        {found.length === 0 ? (
          <li role="presentation" className="px-2.5 py-1.5 text-muted">
            {options === undefined ? t("searching") : t("nothingFound")}
          </li>
        ) : null}
      </ul>
    </span>
  );
}
