"use client";

import { CircleUser, LogOut, PlugZap, ShieldCheck, SlidersHorizontal } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "use-intl";

import type { User } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Menu, MenuChoice, MenuItem, MenuLine } from "@/components/ui/menu";
import { useSignOut } from "@/features/session/queries";
import { LOCALE_NAMES, LOCALES } from "@/lib/i18n/locales";
import { useLanguage } from "@/lib/i18n/provider";
import { chooseTheme, THEMES, useTheme } from "@/lib/theme/theme";

/** Theme, language, and signing out. */
export function PreferencesMenu({ user }: { user: User | null }) {
  const t = useTranslations("shell");
  const router = useRouter();
  const theme = useTheme();
  const { locale, choose } = useLanguage();
  const signOut = useSignOut();
  const Icon = user ? CircleUser : SlidersHorizontal;
  return (
    <Menu
      trigger={
        <Button size="icon" look="quiet" aria-label={user ? t("account") : t("preferences")}>
          <Icon className="size-5" aria-hidden />
        </Button>
      }
    >
      {user ? (
        <div className="px-2.5 py-1.5">
          <p className="font-medium">{user.full_name}</p>
          <p className="text-[0.8125rem] text-muted">{user.email}</p>
        </div>
      ) : null}
      {user ? <MenuLine /> : null}
      <MenuChoice
        label={t("theme")}
        value={theme}
        options={THEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
        onChoose={chooseTheme}
      />
      <MenuChoice
        label={t("language")}
        value={locale}
        options={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
        onChoose={choose}
      />
      {user ? <MenuLine /> : null}
      {user?.role === "ADMIN" ? (
        <MenuItem onSelect={() => router.push("/find")}>
          <PlugZap aria-hidden />
          {t("drive")}
        </MenuItem>
      ) : null}
      {user ? (
        <MenuItem onSelect={() => router.push("/profile")}>
          <ShieldCheck aria-hidden />
          {t("profile")}
        </MenuItem>
      ) : null}
      {user ? (
        <MenuItem onSelect={() => signOut.mutate()}>
          <LogOut aria-hidden />
          {t("signOut")}
        </MenuItem>
      ) : null}
    </Menu>
  );
}
