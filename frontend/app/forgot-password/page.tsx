import { ForgotPasswordPage } from "@/features/identity/letter-page";

export default function Page() {
  return <ForgotPasswordPage />;
}
