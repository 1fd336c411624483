import { DeskPage } from "@/features/desk/desk-page";

export default function Page() {
  return <DeskPage />;
}
