"use client";

import type { ChargerDetail } from "@/api/types";
import { Section } from "@/components/ui/facts";
import { Connections } from "@/features/chargers/connections";
import { HandshakeAttempts } from "@/features/chargers/handshake-attempts";
import { UptimePanel } from "@/features/chargers/uptime-panel";
import { useTranslations } from "use-intl";

/** How well the charger's link holds: uptime, attempts to connect, connections. */
export function ChargerConnection({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("chargers");
  const words = useTranslations("handshakes");
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Section title={t("uptime")} className="xl:col-span-2">
        <UptimePanel chargerId={charger.id} />
      </Section>
      <Section title={words("title")} className="self-start">
        <HandshakeAttempts chargerId={charger.id} shown={20} />
      </Section>
      <Section title={t("connections")} className="self-start">
        <Connections charger={charger} />
      </Section>
    </div>
  );
}
