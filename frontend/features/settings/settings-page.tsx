"use client";

import { useTranslations } from "use-intl";

import { PageHeader } from "@/components/ui/page-header";
import { SETTINGS_SECTIONS } from "@/features/settings/settings-sections";
import { cx } from "@/lib/classes";
import { useUrlState } from "@/lib/url-state";

/** Everything that is set for the whole network; each section loads and saves by itself. */
export function SettingsPage() {
  const t = useTranslations("settings");
  const words = useTranslations();
  const [url, setUrl] = useUrlState();
  const current =
    SETTINGS_SECTIONS.find((section) => section.value === url.section) ?? SETTINGS_SECTIONS[0];
  const open = (value: string) =>
    setUrl(Object.fromEntries([...Object.keys(url).map((key) => [key, ""]), ["section", value]]));
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="grid gap-5 lg:grid-cols-[13rem_1fr]">
        <nav aria-label={t("sections")} className="no-print min-w-0">
          <ul className="flex gap-1 overflow-x-auto lg:flex-col">
            {SETTINGS_SECTIONS.map((section) => {
              const isHere = section.value === current.value;
              return (
                <li key={section.value}>
                  <button
                    type="button"
                    aria-current={isHere ? "page" : undefined}
                    onClick={() => open(section.value)}
                    className={cx(
                      "flex h-9 w-full items-center gap-2.5 rounded-lg px-3 text-left font-medium whitespace-nowrap text-muted hover:bg-idle-soft hover:text-text focus-visible:outline-offset-[-2px]",
                      isHere && "bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent",
                    )}
                  >
                    <section.icon className="size-4.5 shrink-0" aria-hidden />
                    {words(section.title)}
                  </button>
                </li>
              );
            })}
          </ul>
        </nav>
        <div className="min-w-0">
          <current.Content />
        </div>
      </div>
    </>
  );
}
