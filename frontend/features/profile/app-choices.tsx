"use client";

import { useTranslations } from "use-intl";

import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { isLocale, LOCALE_NAMES, LOCALES } from "@/lib/i18n/locales";
import { useLanguage } from "@/lib/i18n/provider";
import { chooseTheme, THEMES, useTheme } from "@/lib/theme/theme";

/** Language and appearance, kept on this device. */
export function AppChoices() {
  const t = useTranslations("shell");
  const { locale, choose } = useLanguage();
  const theme = useTheme();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t("language")}>
        {(control) => (
          <Select
            {...control}
            value={locale}
            onChange={(event) => (isLocale(event.target.value) ? choose(event.target.value) : undefined)}
          >
            {LOCALES.map((value) => (
              <option key={value} value={value} lang={value}>
                {LOCALE_NAMES[value]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("theme")}>
        {(control) => (
          <Select
            {...control}
            value={theme}
            onChange={(event) => {
              const chosen = THEMES.find((value) => value === event.target.value);
              if (chosen) chooseTheme(chosen);
            }}
          >
            {THEMES.map((value) => (
              <option key={value} value={value}>
                {t(`themes.${value}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
