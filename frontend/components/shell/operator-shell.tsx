"use client";

import { Menu as MenuIcon, Search } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";

import type { User } from "@/api/types";
import { Brand } from "@/components/shell/brand";
import { LiveMark } from "@/components/shell/live-mark";
import { isAt, OPERATOR_PLACES } from "@/components/shell/navigation";
import { PreferencesMenu } from "@/components/shell/preferences-menu";
import { usePageTitle } from "@/components/shell/use-page-title";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { CommandPalette } from "@/features/search/command-palette";
import { cx } from "@/lib/classes";

function Places({ onFollow }: { onFollow?: () => void }) {
  const t = useTranslations("shell");
  const path = usePathname();
  return (
    <ul className="flex flex-col gap-0.5">
      {OPERATOR_PLACES.map((place) => {
        const isHere = isAt(path, place.href);
        return (
          <li key={place.href}>
            <Link
              href={place.href}
              onClick={onFollow}
              aria-current={isHere ? "page" : undefined}
              className={cx(
                "flex h-9 items-center gap-3 rounded-lg px-3 font-medium text-muted hover:bg-idle-soft hover:text-text",
                isHere && "bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent",
              )}
            >
              <place.icon className="size-4.5" aria-hidden />
              {t(`nav.${place.name}`)}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

/** The operator's frame: places at the side, search and account above. */
export function OperatorShell({ user, children }: { user: User | null; children: ReactNode }) {
  const t = useTranslations("shell");
  const path = usePathname();
  const here = OPERATOR_PLACES.find((place) => isAt(path, place.href));
  usePageTitle(here ? t(`nav.${here.name}`) : undefined);
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const [isSearching, setIsSearching] = useState(false);
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[13.5rem_1fr] print:block">
      <a
        href="#content"
        className="sr-only z-[1400] rounded-lg bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t("skip")}
      </a>
      <nav
        aria-label={t("places")}
        className="no-print sticky top-0 hidden h-dvh flex-col gap-4 border-r border-line bg-surface px-3 py-4 lg:flex"
      >
        <Link href="/overview" className="px-3">
          <Brand />
        </Link>
        <Places />
      </nav>
      <div className="min-w-0">
        <header className="no-print sticky top-0 z-[1010] flex h-14 items-center gap-2 border-b border-line bg-surface px-4 lg:px-6">
          <Button
            size="icon"
            look="quiet"
            className="lg:hidden"
            aria-label={t("openMenu")}
            onClick={() => setIsMenuOpen(true)}
          >
            <MenuIcon className="size-5" aria-hidden />
          </Button>
          <button
            type="button"
            onClick={() => setIsSearching(true)}
            className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded-lg border border-line bg-sunken px-3 text-muted hover:border-line-strong sm:max-w-md"
          >
            <Search className="size-4 shrink-0" aria-hidden />
            <span className="truncate">{t("search")}</span>
            <kbd className="ml-auto hidden rounded border border-line bg-surface px-1.5 font-mono text-[0.6875rem] sm:inline">
              Ctrl K
            </kbd>
          </button>
          <span className="flex-1 max-sm:hidden" />
          <LiveMark />
          <PreferencesMenu user={user} />
        </header>
        <main id="content" tabIndex={-1} className="mx-auto max-w-[88rem] px-4 py-6 focus:outline-none lg:px-6">
          {children}
        </main>
      </div>
      <Dialog isOpen={isMenuOpen} onClose={() => setIsMenuOpen(false)} title={t("places")} shape="sheet">
        <Places onFollow={() => setIsMenuOpen(false)} />
      </Dialog>
      <CommandPalette isOpen={isSearching} onOpenChange={setIsSearching} />
    </div>
  );
}
