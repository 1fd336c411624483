"use client";

import { useTranslations } from "use-intl";

import { PageHeader } from "@/components/ui/page-header";
import { MessageLog } from "@/features/messages/message-log";

/** The message log over all chargers. */
export function MessagesPage() {
  const t = useTranslations("messages");
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <MessageLog />
    </>
  );
}
