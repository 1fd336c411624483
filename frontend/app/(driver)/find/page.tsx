import { FindPage } from "@/features/find/find-page";

export default function Page() {
  return <FindPage />;
}
