import { ChargersPage } from "@/features/chargers/chargers-page";

export default function Page() {
  return <ChargersPage />;
}
