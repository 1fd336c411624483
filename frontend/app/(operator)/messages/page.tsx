import { MessagesPage } from "@/features/messages/messages-page";

export default function Page() {
  return <MessagesPage />;
}
