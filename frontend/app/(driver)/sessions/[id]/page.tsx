import { OwnPage } from "@/features/session/own-page";
import { SessionPage } from "@/features/my-sessions/session-page";

/** Exported once; the server answers every id with it, and the page reads the address. */
export function generateStaticParams() {
  return [{ id: "_" }];
}

export default function Page() {
  return (
    <OwnPage>
      <SessionPage />
    </OwnPage>
  );
}
