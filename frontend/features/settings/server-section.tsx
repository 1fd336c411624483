"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import type { NetworkSettings } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { CopyText } from "@/components/ui/copy-text";
import { Facts, Section } from "@/components/ui/facts";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { settingsQuery } from "@/features/settings/queries";

/** What the server was started with; it is changed in its environment, not here. */
export function ServerSection() {
  const settings = useQuery(settingsQuery);
  if (settings.isError && !settings.data) {
    return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  if (!settings.data) return <Skeleton className="h-96 w-full" />;
  return <ServerFacts server={settings.data.server} />;
}

function ServerFacts({ server }: { server: NetworkSettings["server"] }) {
  const t = useTranslations("settings.server");
  const ui = useTranslations("ui");
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      <Section title={t("title")}>
        <CopyText label={t("ocppUrl")} text={server.ocpp_url} />
        <Facts
          className="mt-4"
          facts={[
            [t("version"), server.version],
            [t("publicUrl"), server.public_url ?? t("asAsked")],
            [t("encrypted"), server.ocpp_url.startsWith("wss:") ? ui("yes") : t("notEncrypted")],
            [t("secureCookies"), server.has_secure_cookies ? ui("yes") : ui("no")],
            [t("identityProvider"), server.identity_provider === "builtin" ? t("builtin") : server.identity_provider],
          ]}
        />
      </Section>
      <Section title={t("environment")}>
        <p className="mb-3 text-muted">{t("environmentHint")}</p>
        <div className="-mx-4 -mb-4 overflow-x-auto">
          <table className="w-full text-left">
            <thead className="border-y border-line text-[0.8125rem] text-muted">
              <tr>
                <th scope="col" className="px-4 py-2 font-medium">{t("variable")}</th>
                <th scope="col" className="px-4 py-2 font-medium">{t("value")}</th>
              </tr>
            </thead>
            <tbody>
              {server.variables.map((variable) => (
                <tr key={variable.name} className="border-b border-line last:border-0">
                  <th scope="row" className="px-4 py-2 font-mono text-[0.8125rem] font-normal">{variable.name}</th>
                  <td className="px-4 py-2">
                    <VariableValue variable={variable} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
    </div>
  );
}

function VariableValue({ variable }: { variable: NetworkSettings["server"]["variables"][number] }) {
  const t = useTranslations("settings.server");
  if (variable.is_secret) {
    return variable.is_set ? <Badge tone="good">{t("secretSet")}</Badge> : <span className="text-muted">{t("notSet")}</span>;
  }
  if (variable.value === null || variable.value === "") return <span className="text-muted">{t("notSet")}</span>;
  return (
    <span className="flex flex-wrap items-baseline gap-x-3">
      <code className="font-mono text-[0.8125rem] break-all">{variable.value}</code>
      {variable.is_set ? null : <span className="text-[0.8125rem] text-muted">{t("isDefault")}</span>}
    </span>
  );
}
