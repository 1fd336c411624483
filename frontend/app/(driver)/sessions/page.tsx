import { OwnPage } from "@/features/session/own-page";
import { SessionsPage } from "@/features/my-sessions/sessions-page";

export default function Page() {
  return (
    <OwnPage>
      <SessionsPage />
    </OwnPage>
  );
}
