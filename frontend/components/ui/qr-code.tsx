import { renderSVG } from "uqr";

interface QrCodeProps {
  text: string;
  label: string;
  className?: string;
}

/** A QR code, black on white in every theme: cameras need the contrast. */
export function QrCode({ text, label, className }: QrCodeProps) {
  const svg = renderSVG(text, { ecc: "M", border: 2 });
  const source = `data:image/svg+xml;utf8,${encodeURIComponent(svg)}`;
  // eslint-disable-next-line @next/next/no-img-element -- a drawing made here, nothing to optimise
  return <img src={source} alt={label} className={className} />;
}
