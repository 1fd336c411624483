import { Building2, type LucideIcon, MailOpen, Radio, Server, ShieldCheck } from "lucide-react";
import type { ComponentType } from "react";

import { OutboxSection } from "@/features/identity/outbox-section";
import { LeniencySection } from "@/features/leniency/leniency-section";
import { AuthoritySection } from "@/features/certificates/authority-section";
import { OrganizationSection } from "@/features/settings/organization-section";
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
  {
    value: "organization",
    title: "settings.organization.title",
    icon: Building2,
    Content: OrganizationSection,
  },
  { value: "leniency", title: "leniency.title", icon: Radio, Content: LeniencySection },
  {
    value: "certificates",
    title: "certificates.authority",
    icon: ShieldCheck,
    Content: AuthoritySection,
  },
  { value: "server", title: "settings.server.title", icon: Server, Content: ServerSection },
  { value: "outbox", title: "identity.outbox.title", icon: MailOpen, Content: OutboxSection },
];
