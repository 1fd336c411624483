import { StationsPage } from "@/features/stations/stations-page";

export default function Page() {
  return <StationsPage />;
}
