import { BatteryCharging, CircleUser, type LucideIcon, MapPin, QrCode, WalletCards } from "lucide-react";
import type { Messages } from "use-intl";

interface DriverPlace {
  href: string;
  name: keyof Messages["driver"]["nav"];
  icon: LucideIcon;
}

/** The driver's places, the scanner in the middle where the thumb rests. */
export const DRIVER_PLACES: readonly DriverPlace[] = [
  { href: "/find", name: "find", icon: MapPin },
  { href: "/sessions", name: "sessions", icon: BatteryCharging },
  { href: "/scan", name: "scan", icon: QrCode },
  { href: "/wallet", name: "wallet", icon: WalletCards },
  { href: "/profile", name: "profile", icon: CircleUser },
];
