"use client";

import type { ChargerDetail } from "@/api/types";
import { MessageLog } from "@/features/messages/message-log";

export function ChargerMessages({ charger }: { charger: ChargerDetail }) {
  return <MessageLog chargerId={charger.id} />;
}
