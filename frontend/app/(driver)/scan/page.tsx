import { ScanPage } from "@/features/scan/scan-page";

export default function Page() {
  return <ScanPage />;
}
