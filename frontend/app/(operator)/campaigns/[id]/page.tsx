import { CampaignPage } from "@/features/campaigns/campaign-page";

/** Exported once; the server answers every id with it, and the page reads the address. */
export function generateStaticParams() {
  return [{ id: "_" }];
}

export default function Page() {
  return <CampaignPage />;
}
