import { ReservationsPage } from "@/features/reservations/reservations-page";

export default function Page() {
  return <ReservationsPage />;
}
