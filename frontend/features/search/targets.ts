"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { useTranslations } from "use-intl";

import type { Finding } from "@/api/types";
import { OPERATOR_PLACES } from "@/components/shell/navigation";
import { findQuery } from "@/features/search/queries";
import { LOCALE_NAMES, LOCALES } from "@/lib/i18n/locales";
import { useLanguage } from "@/lib/i18n/provider";
import { chooseTheme, THEMES } from "@/lib/theme/theme";

export interface Target {
  key: string;
  group: string;
  title: string;
  subtitle: string | null;
  /** Where it leads, or what it does. */
  goal: string | (() => void);
}

const ADDRESSES: Record<Finding["kind"], (id: string) => string> = {
  station: (id) => `/stations?station=${id}`,
  charger: (id) => `/chargers/${id}`,
  user: (id) => `/drivers/${id}`,
  id_tag: (id) => `/id-tags?search=${encodeURIComponent(id)}`,
  transaction: (id) => `/transactions/${id}`,
};

const VERBS_SHOWN = 3;

/** What can be done with a thing that was found; the verb may also be typed before its name. */
function useVerbs() {
  const t = useTranslations();
  const ofCharger = (command: "reset" | "remote-start" | "remote-stop") => ({
    kind: "charger" as Finding["kind"],
    verb: t(`operations.names.${command}`),
    href: (id: string) => `/chargers/${id}?tab=operations&command=${command}`,
  });
  return [
    ofCharger("reset"),
    ofCharger("remote-start"),
    ofCharger("remote-stop"),
    {
      kind: "charger" as Finding["kind"],
      verb: t("messages.title"),
      href: (id: string) => `/chargers/${id}?tab=messages`,
    },
    { kind: "user" as Finding["kind"], verb: t("drivers.topUp"), href: (id: string) => `/drivers/${id}?do=top-up` },
  ];
}

function useFixedTargets(): Target[] {
  const t = useTranslations();
  const { choose } = useLanguage();
  const group = t("search.actions");
  const action = (key: string, title: string, goal: Target["goal"]): Target => ({
    key,
    group,
    title,
    subtitle: null,
    goal,
  });
  return [
    ...OPERATOR_PLACES.map((place) => ({
      key: place.href,
      group: t("search.places"),
      title: t(`shell.nav.${place.name}`),
      subtitle: null,
      goal: place.href,
    })),
    action("new station", t("stations.create"), "/stations?do=create"),
    action("new charger", t("chargers.create"), "/chargers?do=create"),
    action("new tariff", t("tariffs.create"), "/tariffs?do=create"),
    ...THEMES.map((theme) =>
      action(`theme ${theme}`, `${t("shell.theme")}: ${t(`shell.themes.${theme}`)}`, () => chooseTheme(theme)),
    ),
    ...LOCALES.map((locale) =>
      action(`language ${locale}`, `${t("shell.language")}: ${LOCALE_NAMES[locale]}`, () => choose(locale)),
    ),
  ];
}

/** Everything that bears the text in its name, and what can be done with it. */
export function useTargets(text: string): { targets: Target[]; isLoading: boolean } {
  const t = useTranslations("search");
  const verbs = useVerbs();
  const asked = useDeferredValue(text.trim());
  const startsWith = (verb: string) => asked.toLowerCase().startsWith(`${verb.toLowerCase()} `);
  const named = verbs.find(({ verb }) => startsWith(verb));
  const wanted = named ? asked.slice(named.verb.length).trim() : asked;
  const found = useQuery({ ...findQuery(wanted), placeholderData: keepPreviousData });
  const findings = wanted === "" ? [] : (found.data?.data ?? []);

  const things = findings.map((thing) => ({
    key: `${thing.kind} ${thing.id}`,
    group: t(`kinds.${thing.kind}`),
    title: thing.title,
    subtitle: thing.subtitle,
    goal: ADDRESSES[thing.kind](thing.id),
  }));
  const deeds = verbs
    .filter((verb) => named === undefined || verb === named)
    .flatMap((verb) =>
      findings
        .filter((thing) => thing.kind === verb.kind)
        .slice(0, named ? findings.length : VERBS_SHOWN)
        .map((thing) => ({
          key: `${verb.verb} ${thing.id}`,
          group: t("actions"),
          title: `${verb.verb}: ${thing.title}`,
          subtitle: thing.subtitle,
          goal: verb.href(thing.id),
        })),
    );
  const fixed = useFixedTargets().filter(
    (target) =>
      target.title.toLowerCase().includes(asked.toLowerCase()) &&
      (asked !== "" || target.group === t("places")),
  );
  return {
    targets: named ? [...deeds, ...things] : [...things, ...fixed, ...deeds],
    isLoading: found.isFetching,
  };
}
