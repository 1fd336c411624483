import { IdTagsPage } from "@/features/id-tags/id-tags-page";

export default function Page() {
  return <IdTagsPage />;
}
