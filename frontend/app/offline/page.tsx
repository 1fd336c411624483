import { OfflinePage } from "@/components/shell/offline-page";

export default function Page() {
  return <OfflinePage />;
}
