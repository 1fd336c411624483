import { type LucideIcon, Server } from "lucide-react";
import type { ComponentType } from "react";

import { ServerSection } from "@/features/settings/server-section";
import type { MessageKey } from "@/lib/i18n/message-key";

export interface SettingsSection {
  /** What stands in the address: ?section=value. */
  value: string;
  title: MessageKey;
  icon: LucideIcon;
  Content: ComponentType;
}

/** The parts of the settings, in order; the first one is shown at first. */
export const SETTINGS_SECTIONS: readonly [SettingsSection, ...SettingsSection[]] = [
  { value: "server", title: "settings.server.title", icon: Server, Content: ServerSection },
];
