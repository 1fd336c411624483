"use client";

import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { IntlProvider, type Messages } from "use-intl";

import { type Locale, preferredLocale, rememberLocale } from "@/lib/i18n/locales";

type Part = Promise<{ default: object }>;

const LOADERS: Record<Locale, () => [Part, Part]> = {
  en: () => [import("@/messages/en.json"), import("@/messages/driver/en.json")],
  de: () => [import("@/messages/de.json"), import("@/messages/driver/de.json")],
  fr: () => [import("@/messages/fr.json"), import("@/messages/driver/fr.json")],
  es: () => [import("@/messages/es.json"), import("@/messages/driver/es.json")],
};

/** All words of a language; the tests see to it that each has those of English. */
async function loadMessages(locale: Locale): Promise<Messages> {
  const [shared, driver] = await Promise.all(LOADERS[locale]());
  return { ...shared.default, ...driver.default } as Messages;
}

interface LanguageChoice {
  locale: Locale;
  choose: (locale: Locale) => void;
}

const LanguageContext = createContext<LanguageChoice | null>(null);

/** The language in use, and how to choose another. */
export function useLanguage(): LanguageChoice {
  const choice = use(LanguageContext);
  if (choice === null) throw new Error("useLanguage needs LanguageProvider above it");
  return choice;
}

/** Loads the person's language before anything that shows words; only that language is fetched. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [wanted, setWanted] = useState<Locale | null>(null);
  const [loaded, setLoaded] = useState<{ locale: Locale; messages: Messages } | null>(null);

  useEffect(() => {
    let isCurrent = true;
    const locale = wanted ?? preferredLocale();
    void loadMessages(locale).then((messages) => {
      if (!isCurrent) return;
      document.documentElement.lang = locale;
      setLoaded({ locale, messages });
    });
    return () => {
      isCurrent = false;
    };
  }, [wanted]);

  const locale = loaded?.locale ?? "en";
  const choice = useMemo(
    () => ({
      locale,
      choose: (next: Locale) => {
        rememberLocale(next);
        setWanted(next);
      },
    }),
    [locale],
  );

  if (loaded === null) return null;
  return (
    <LanguageContext value={choice}>
      <IntlProvider
        locale={loaded.locale}
        messages={loaded.messages}
        timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      >
        {children}
      </IntlProvider>
    </LanguageContext>
  );
}
