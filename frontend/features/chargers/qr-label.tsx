"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { QrCode } from "@/components/ui/qr-code";
import { configQuery } from "@/features/session/queries";

/** The address behind a charger's QR code: the one the product is known by, otherwise this page's. */
function chargeAddress(publicUrl: string, chargePointId: string): string {
  return `${publicUrl}/charge/${encodeURIComponent(chargePointId)}`;
}

/** A label to print and stick on the charger. */
export function QrLabel({ chargePointId, name }: { chargePointId: string; name: string }) {
  const t = useTranslations("chargers");
  const publicUrl = useQuery(configQuery).data?.public_url ?? window.location.origin;
  const address = chargeAddress(publicUrl, chargePointId);
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
