import { SignUpPage } from "@/features/identity/letter-page";

export default function Page() {
  return <SignUpPage />;
}
