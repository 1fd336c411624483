import { TariffsPage } from "@/features/tariffs/tariffs-page";

export default function Page() {
  return <TariffsPage />;
}
