"use client";

import { LayoutDashboard, LogIn } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";

import type { User } from "@/api/types";
import { Brand } from "@/components/shell/brand";
import { DRIVER_PLACES } from "@/components/shell/driver-places";
import { isAt } from "@/components/shell/navigation";
import { Button } from "@/components/ui/button";
import { usePageTitle } from "@/components/shell/use-page-title";
import { cx } from "@/lib/classes";

/** It comes after what a driver came for: a menu weighs as much as a page. */
const PreferencesMenu = dynamic(
  () => import("@/components/shell/preferences-menu").then((found) => found.PreferencesMenu),
  { ssr: false, loading: () => <span className="size-9" /> },
);

/** The driver's frame: five places within reach of the thumb. */
export function DriverShell({ user, children }: { user: User | null; children: ReactNode }) {
  const t = useTranslations("shell");
  const places = useTranslations("driver.nav");
  const path = usePathname();
  const here = DRIVER_PLACES.find((place) => isAt(path, place.href));
  usePageTitle(here ? places(here.name) : isAt(path, "/charge") ? places("charge") : undefined);
  return (
    <div data-shell="driver" className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only z-[1400] rounded-lg bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t("skip")}
      </a>
      <header className="no-print sticky top-0 z-[1010] border-b border-line bg-surface">
        <div className="mx-auto flex h-14 max-w-5xl items-center gap-2 px-4">
          <Link href="/find">
            <Brand />
          </Link>
          <span className="flex-1" />
          {user?.role === "ADMIN" ? (
            <Button asChild size="small" look="quiet">
              <Link href="/overview">
                <LayoutDashboard aria-hidden />
                {t("operate")}
              </Link>
            </Button>
          ) : null}
          {user === null ? (
            <Button asChild size="small">
              <Link href={`/sign-in?next=${encodeURIComponent(path)}`}>
                <LogIn aria-hidden />
                {t("signIn")}
              </Link>
            </Button>
          ) : null}
          <PreferencesMenu user={user} />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-5xl flex-1 px-4 pt-5 pb-28 focus:outline-none print:p-0">
        {children}
      </main>
      <nav
        aria-label={t("places")}
        className="no-print fixed inset-x-0 bottom-0 z-[1010] border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]"
      >
        <ul className="mx-auto grid max-w-lg grid-cols-5">
          {DRIVER_PLACES.map((place) => {
            const isHere = isAt(path, place.href);
            return (
              <li key={place.href}>
                <Link
                  href={place.href}
                  aria-current={isHere ? "page" : undefined}
                  className={cx(
                    "flex h-16 flex-col items-center justify-center gap-1 text-[0.75rem] font-medium text-muted focus-visible:outline-offset-[-2px]",
                    isHere && "text-accent",
                  )}
                >
                  <place.icon className="size-6" aria-hidden />
                  {places(place.name)}
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
    </div>
  );
}
