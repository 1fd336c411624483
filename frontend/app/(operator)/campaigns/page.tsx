import { CampaignsPage } from "@/features/campaigns/campaigns-page";

export default function Page() {
  return <CampaignsPage />;
}
