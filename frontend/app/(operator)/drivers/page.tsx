import { DriversPage } from "@/features/drivers/drivers-page";

export default function Page() {
  return <DriversPage />;
}
