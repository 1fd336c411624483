"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Section } from "@/components/ui/facts";
import { OPERATIONS } from "@/features/operations/catalog";
import { OperationForm } from "@/features/operations/operation-form";
import { OperationHistory } from "@/features/operations/operation-history";
import { RawRequestForm } from "@/features/operations/raw-request-form";
import { cx } from "@/lib/classes";

/** Everything that can be asked of a charger, and what was. */
export function ChargerOperations({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("operations");
  const [chosen, setChosen] = useState<string>("remote-start");
  const spec = OPERATIONS.find((operation) => operation.name === chosen);
  const choices = [
    ...OPERATIONS.map(({ name }) => ({ value: name as string, label: t(`names.${name}`) })),
    { value: "raw", label: t("raw") },
  ];
  return (
    <div className="flex flex-col gap-4">
      <div className="card grid md:grid-cols-[14rem_1fr]">
        <ul className="flex gap-1 overflow-x-auto border-line p-2 max-md:border-b md:flex-col md:border-r">
          {choices.map((choice) => (
            <li key={choice.value}>
              <button
                type="button"
                aria-pressed={chosen === choice.value}
                onClick={() => setChosen(choice.value)}
                className={cx(
                  "h-9 w-full rounded-lg px-3 text-left font-medium whitespace-nowrap text-muted hover:bg-idle-soft hover:text-text",
                  chosen === choice.value && "bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent",
                )}
              >
                {choice.label}
              </button>
            </li>
          ))}
        </ul>
        <div className="min-w-0 p-4">
          {spec ? (
            <OperationForm key={spec.name} charger={charger} spec={spec} />
          ) : (
            <RawRequestForm charger={charger} />
          )}
        </div>
      </div>
      <Section title={t("history")}>
        <OperationHistory chargerId={charger.id} />
      </Section>
    </div>
  );
}
