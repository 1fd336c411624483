"use client";

import { useTranslations } from "use-intl";

import { QrCode } from "@/components/ui/qr-code";

/** The address behind a charger's QR code. */
export function chargeAddress(chargePointId: string): string {
  return `${window.location.origin}/charge/${encodeURIComponent(chargePointId)}`;
}

/** A label to print and stick on the charger. */
export function QrLabel({ chargePointId, name }: { chargePointId: string; name: string }) {
  const t = useTranslations("chargers");
  const address = chargeAddress(chargePointId);
  return (
    <figure className="mx-auto flex w-56 flex-col items-center gap-1 rounded-xl border border-line bg-white p-4 text-center text-black">
      <QrCode text={address} label={`${t("label")}: ${address}`} className="size-40" />
      <figcaption>
        <span className="block font-semibold">{t("labelScan")}</span>
        <span className="block">{name}</span>
        <code className="font-mono text-[0.8125rem]">{chargePointId}</code>
      </figcaption>
    </figure>
  );
}
