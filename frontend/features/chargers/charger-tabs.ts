import type { ComponentType } from "react";

import type { ChargerDetail } from "@/api/types";
import { ChargerCertificates } from "@/features/certificates/charger-certificates";
import { ChargerConfiguration } from "@/features/chargers/charger-configuration";
import { ChargerConnection } from "@/features/chargers/charger-connection";
import { ChargerState } from "@/features/chargers/charger-state";
import { ChargerTransactions } from "@/features/chargers/charger-transactions";
import { ChargerDoctor } from "@/features/doctor/charger-doctor";
import { ChargerFaults } from "@/features/faults/charger-faults";
import { ChargerMaintenance } from "@/features/maintenance/charger-maintenance";
import { ChargerMessages } from "@/features/messages/charger-messages";
import { ChargerOperations } from "@/features/operations/charger-operations";
import { ChargerReservations } from "@/features/reservations/charger-reservations";
import { ChargerLocalList } from "@/features/smart-charging/charger-local-list";
import { ChargerProfiles } from "@/features/smart-charging/charger-profiles";
import type { MessageKey } from "@/lib/i18n/message-key";

export interface ChargerTab {
  /** What stands in the address: ?tab=value. */
  value: string;
  title: MessageKey;
  Content: ComponentType<{ charger: ChargerDetail }>;
}

/** The parts of a charger's page, in order; the first one is shown at first. */
export const CHARGER_TABS: readonly [ChargerTab, ...ChargerTab[]] = [
  { value: "state", title: "chargers.tabOverview", Content: ChargerState },
  { value: "connection", title: "chargers.tabConnection", Content: ChargerConnection },
  { value: "operations", title: "chargers.tabOperations", Content: ChargerOperations },
  { value: "configuration", title: "chargers.tabConfiguration", Content: ChargerConfiguration },
  { value: "certificates", title: "certificates.title", Content: ChargerCertificates },
  { value: "transactions", title: "chargers.tabTransactions", Content: ChargerTransactions },
  { value: "profiles", title: "smartCharging.tab", Content: ChargerProfiles },
  { value: "local-list", title: "localList.tab", Content: ChargerLocalList },
  { value: "maintenance", title: "maintenance.tab", Content: ChargerMaintenance },
  { value: "reservations", title: "reservations.title", Content: ChargerReservations },
  { value: "messages", title: "chargers.tabMessages", Content: ChargerMessages },
  { value: "doctor", title: "chargers.tabDoctor", Content: ChargerDoctor },
  { value: "faults", title: "chargers.tabFaults", Content: ChargerFaults },
];
