"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";

import type { ChargerDetail } from "@/api/types";
import { Section } from "@/components/ui/facts";
import { Select } from "@/components/ui/input";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { OPERATIONS } from "@/features/operations/catalog";
import { OperationForm } from "@/features/operations/operation-form";
import { OperationHistory } from "@/features/operations/operation-history";
import { actionsQuery } from "@/features/operations/queries";
import { SchemaRequestForm } from "@/features/operations/schema-request-form";
import { cx } from "@/lib/classes";
import { useUrlState } from "@/lib/url-state";

interface Choice {
  value: string;
  label: string;
}

interface Group {
  title: string;
  choices: Choice[];
}

/** The everyday operations, then every request of OCPP by its block. */
function useGroups(): Group[] {
  const t = useTranslations("operations");
  const actions = useQuery(actionsQuery);
  const everyday = {
    title: t("everyday"),
    choices: OPERATIONS.map(({ name }) => ({ value: name as string, label: t(`names.${name}`) })),
  };
  const blocks = Map.groupBy(actions.data?.data ?? [], (action) => action.block);
  const others = [...blocks].map(([block, found]) => ({
    title: block,
    choices: found.map(({ name }) => ({ value: name, label: name })),
  }));
  return [everyday, ...others];
}

/** Everything that can be asked of a charger, and what was. */
export function ChargerOperations({ charger }: { charger: ChargerDetail }) {
  const t = useTranslations("operations");
  const [url, setUrl] = useUrlState();
  const groups = useGroups();
  const chosen = url.command ?? OPERATIONS[0]?.name ?? "";
  const choose = (command: string) => setUrl({ command });
  return (
    <div className="flex flex-col gap-4">
      <div className="card grid md:grid-cols-[16rem_1fr]">
        <div className="border-line p-3 max-md:border-b md:hidden">
          <Select aria-label={t("choose")} value={chosen} onChange={(event) => choose(event.target.value)}>
            {groups.map((group) => (
              <optgroup key={group.title} label={group.title}>
                {group.choices.map((choice) => (
                  <option key={choice.value} value={choice.value}>
                    {choice.label}
                  </option>
                ))}
              </optgroup>
            ))}
          </Select>
        </div>
        <div className="max-h-[40rem] overflow-y-auto border-r border-line p-2 max-md:hidden">
          {groups.map((group) => (
            <div key={group.title} className="mb-2">
              <h3 className="px-3 py-1 text-[0.75rem] font-medium text-muted">{group.title}</h3>
              <ul aria-label={group.title} className="flex flex-col gap-0.5">
                {group.choices.map((choice) => (
                  <li key={choice.value}>
                    <CommandButton choice={choice} isChosen={choice.value === chosen} onChoose={choose} />
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </div>
        <div className="min-w-0 p-4">
          <CommandForm charger={charger} chosen={chosen} />
        </div>
      </div>
      <Section title={t("history")}>
        <OperationHistory chargerId={charger.id} />
      </Section>
    </div>
  );
}

interface ButtonProps {
  choice: Choice;
  isChosen: boolean;
  onChoose: (value: string) => void;
}

function CommandButton({ choice, isChosen, onChoose }: ButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={() => onChoose(choice.value)}
      className={cx(
        "h-8 w-full truncate rounded-lg px-3 text-left font-medium text-muted hover:bg-idle-soft hover:text-text focus-visible:outline-offset-[-2px]",
        isChosen && "bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent",
      )}
    >
      {choice.label}
    </button>
  );
}

function CommandForm({ charger, chosen }: { charger: ChargerDetail; chosen: string }) {
  const t = useTranslations("operations");
  const actions = useQuery(actionsQuery);
  const spec = OPERATIONS.find((operation) => operation.name === chosen);
  if (spec) return <OperationForm key={spec.name} charger={charger} spec={spec} />;
  if (actions.isError && !actions.data) {
    return <ErrorState error={actions.error} onRetry={() => void actions.refetch()} />;
  }
  if (!actions.data) return <Skeleton className="h-64 w-full" />;
  const action = actions.data.data.find(({ name }) => name === chosen);
  if (!action) return <p className="text-muted">{t("unknownCommand")}</p>;
  return <SchemaRequestForm key={action.name} charger={charger} action={action} />;
}
