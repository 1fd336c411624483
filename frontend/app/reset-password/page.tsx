import { ResetPasswordPage } from "@/features/identity/link-page";

export default function Page() {
  return <ResetPasswordPage />;
}
