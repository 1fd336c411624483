"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ComponentProps, useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";

import { Picker } from "@/components/ui/picker";
import { stationQuery, stationsQuery } from "@/features/stations/queries";
import type { UrlState } from "@/lib/url-state";

const SHOWN = 20;

interface PickerProps extends Omit<ComponentProps<typeof Picker>, "chosen" | "text" | "onText" | "options" | "onChoose"> {
  /** The station's id as text; empty: none. */
  value: string;
  onChoose: (id: string) => void;
}

/** Chooses one of any number of stations; the server searches by name and address. */
export function StationPicker({ value, onChoose, ...rest }: PickerProps) {
  const [text, setText] = useState("");
  const search = useDeferredValue(text.trim());
  const chosen = useQuery(stationQuery(Number(value) || 0));
  const found = useQuery({
    ...stationsQuery({ search: search || undefined, limit: SHOWN, sort: "name" }),
    placeholderData: keepPreviousData,
  });
  return (
    <Picker
      {...rest}
      chosen={value === "" ? null : (chosen.data?.name ?? value)}
      text={text}
      onText={setText}
      options={found.data?.data.map((station) => ({
        value: String(station.id),
        label: station.name,
        note: station.address,
      }))}
      onChoose={(option) => onChoose(option?.value ?? "")}
    />
  );
}

interface FilterProps {
  url: UrlState;
  onUrl: (changes: Record<string, string>) => void;
}

/** The station as a filter of a list, kept in the address. */
export function StationFilter({ url, onUrl }: FilterProps) {
  const t = useTranslations("chargers");
  const ui = useTranslations("ui");
  return (
    <StationPicker
      className="w-48"
      aria-label={t("station")}
      placeholder={`${t("station")}: ${ui("any")}`}
      value={url.station ?? ""}
      onChoose={(station) => onUrl({ station })}
    />
  );
}
