"use client";

import { Search } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";

import { Input, Select } from "@/components/ui/input";
import { cx } from "@/lib/classes";
import type { UrlState } from "@/lib/url-state";

const TYPING_PAUSE_MS = 250;

export function FilterBar({ children }: { children: ReactNode }) {
  return <div className="no-print mb-3 flex flex-wrap items-center gap-2">{children}</div>;
}

interface SearchProps {
  url: UrlState;
  onUrl: (changes: Record<string, string>) => void;
  label: string;
  isLarge?: boolean;
}

/** Searches once the typing pauses. */
export function SearchFilter({ url, onUrl, label, isLarge = false }: SearchProps) {
  const [text, setText] = useState(url.search ?? "");
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const type = (value: string) => {
    setText(value);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onUrl({ search: value.trim() }), TYPING_PAUSE_MS);
  };
  return (
    <span className={cx("relative w-full", isLarge ? "sm:w-80" : "sm:w-64")}>
      <Search className="absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted" aria-hidden />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        className={cx("pl-8", isLarge && "h-12 text-base")}
        value={text}
        onChange={(event) => type(event.target.value)}
      />
    </span>
  );
}

interface ChoiceProps {
  url: UrlState;
  onUrl: (changes: Record<string, string>) => void;
  name: string;
  label: string;
  options: { value: string; label: string }[];
}

export function ChoiceFilter({ url, onUrl, name, label, options }: ChoiceProps) {
  const t = useTranslations("ui");
  return (
    <Select
      className="w-auto min-w-36"
      aria-label={label}
      value={url[name] ?? ""}
      onChange={(event) => onUrl({ [name]: event.target.value })}
    >
      <option value="">
        {label}: {t("any")}
      </option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </Select>
  );
}
