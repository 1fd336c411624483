import {
  BatteryCharging,
  CalendarClock,
  CreditCard,
  Gauge,
  HardDriveDownload,
  History,
  Inbox,
  type LucideIcon,
  MapPin,
  PlugZap,
  ScrollText,
  Settings,
  Tags,
  Users,
} from "lucide-react";
import type { Messages } from "use-intl";

interface Place {
  href: string;
  name: keyof Messages["shell"]["nav"];
  icon: LucideIcon;
}

/** The operator's places, in the order of a working day. */
export const OPERATOR_PLACES: readonly Place[] = [
  { href: "/overview", name: "overview", icon: Gauge },
  { href: "/stations", name: "stations", icon: MapPin },
  { href: "/chargers", name: "chargers", icon: PlugZap },
  { href: "/transactions", name: "transactions", icon: BatteryCharging },
  { href: "/reservations", name: "reservations", icon: CalendarClock },
  { href: "/campaigns", name: "campaigns", icon: HardDriveDownload },
  { href: "/drivers", name: "drivers", icon: Users },
  { href: "/id-tags", name: "idTags", icon: CreditCard },
  { href: "/tariffs", name: "tariffs", icon: Tags },
  { href: "/messages", name: "messages", icon: ScrollText },
  { href: "/desk", name: "desk", icon: Inbox },
  { href: "/audit", name: "audit", icon: History },
  { href: "/settings", name: "settings", icon: Settings },
];

export function isAt(path: string, href: string): boolean {
  return path === href || path.startsWith(`${href}/`);
}
