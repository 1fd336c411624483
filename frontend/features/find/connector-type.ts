import { useTranslations } from "use-intl";

const KNOWN = ["TYPE1", "TYPE2", "CCS1", "CCS2", "CCS", "CHADEMO", "SCHUKO", "NACS", "GBT"] as const;

/** A connector type as people say it; what nobody listed is shown as the operator wrote it. */
export function useConnectorType(): (type: string | null) => string | null {
  const t = useTranslations("driver.connectorTypes");
  return (type) => {
    const plain = type?.toUpperCase().replace(/[^A-Z0-9]/g, "");
    const known = KNOWN.find((name) => name === plain);
    return known ? t(known) : type;
  };
}
