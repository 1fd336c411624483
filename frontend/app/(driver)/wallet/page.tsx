import { OwnPage } from "@/features/session/own-page";
import { WalletPage } from "@/features/wallet/wallet-page";

export default function Page() {
  return (
    <OwnPage>
      <WalletPage />
    </OwnPage>
  );
}
