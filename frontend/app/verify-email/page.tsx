import { VerifyEmailPage } from "@/features/identity/link-page";

export default function Page() {
  return <VerifyEmailPage />;
}
