import { FinishSignUpPage } from "@/features/identity/link-page";

export default function Page() {
  return <FinishSignUpPage />;
}
