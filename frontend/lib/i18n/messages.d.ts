import type driver from "@/messages/driver/en.json";
import type en from "@/messages/en.json";
import type { Locale } from "@/lib/i18n/locales";

declare module "use-intl" {
  interface AppConfig {
    Messages: typeof en & typeof driver;
    Locale: Locale;
  }
}
