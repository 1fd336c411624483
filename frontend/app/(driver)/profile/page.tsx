import { ProfilePage } from "@/features/profile/profile-page";
import { OwnPage } from "@/features/session/own-page";

export default function Page() {
  return (
    <OwnPage>
      <ProfilePage />
    </OwnPage>
  );
}
