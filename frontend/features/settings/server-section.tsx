"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import { Facts, Section } from "@/components/ui/facts";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { configQuery } from "@/features/session/queries";

/** What the server was started with; it is changed in its environment, not here. */
export function ServerSection() {
  const t = useTranslations("settings.server");
  const config = useQuery(configQuery);
  return (
    <Section title={t("title")}>
      {config.isError ? (
        <ErrorState error={config.error} onRetry={() => void config.refetch()} />
      ) : config.data ? (
        <Facts facts={[[t("version"), config.data.version]]} />
      ) : (
        <Skeleton className="h-24 w-full" />
      )}
    </Section>
  );
}
