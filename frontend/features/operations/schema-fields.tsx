"use client";

import { Plus, Trash2 } from "lucide-react";
import { useTranslations } from "use-intl";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import {
  type Draft,
  type DraftObject,
  emptyDraft,
  type Fault,
  isDraftObject,
  type JsonSchema,
} from "@/features/operations/json-schema";

interface PartProps {
  name: string;
  path: string;
  schema: JsonSchema;
  isRequired: boolean;
  draft: Draft;
  faults: Fault[];
  onChange: (draft: Draft) => void;
}

interface ObjectProps {
  path: string;
  schema: JsonSchema;
  draft: DraftObject;
  faults: Fault[];
  onChange: (draft: DraftObject) => void;
}

/** The members of an object, those that it must have first; their names are those of the wire. */
export function SchemaFields({ path, schema, draft, faults, onChange }: ObjectProps) {
  const t = useTranslations("operations");
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties ?? {}).sort(
    ([first], [second]) => Number(required.has(second)) - Number(required.has(first)),
  );
  if (members.length === 0) return <p className="text-muted">{t("noFields")}</p>;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {members.map(([name, part]) => (
        <Part
          key={name}
          name={name}
          path={path === "" ? name : `${path}.${name}`}
          schema={part}
          isRequired={required.has(name)}
          draft={draft[name]}
          faults={faults}
          onChange={(value) => onChange({ ...draft, [name]: value })}
        />
      ))}
    </div>
  );
}

function Part(props: PartProps) {
  if (props.schema.type === "object") return <ObjectPart {...props} />;
  if (props.schema.type === "array") return <ArrayPart {...props} />;
  return <LeafPart {...props} />;
}

const GROUP = "flex flex-col gap-3 rounded-lg border border-line p-3 sm:col-span-2";

function ObjectPart({ name, path, schema, isRequired, draft, faults, onChange }: PartProps) {
  const t = useTranslations("operations");
  const isThere = isDraftObject(draft);
  return (
    <fieldset className={GROUP}>
      <legend className="px-1 font-mono text-[0.8125rem] font-medium">{name}</legend>
      {isThere ? (
        <SchemaFields path={path} schema={schema} draft={draft} faults={faults} onChange={onChange} />
      ) : null}
      {isRequired ? null : (
        <Button
          size="small"
          look="quiet"
          className="self-start"
          onClick={() => onChange(isThere ? undefined : emptyDraft(schema))}
        >
          {isThere ? <Trash2 aria-hidden /> : <Plus aria-hidden />}
          {isThere ? t("leaveOut", { name }) : t("add", { name })}
        </Button>
      )}
    </fieldset>
  );
}

function ArrayPart({ name, path, schema, draft, faults, onChange }: PartProps) {
  const t = useTranslations("operations");
  const items = Array.isArray(draft) ? draft : [];
  const item = schema.items ?? {};
  const isEmptyFault = faults.some((fault) => fault.path === path);
  return (
    <fieldset className={GROUP}>
      <legend className="px-1 font-mono text-[0.8125rem] font-medium">{name}</legend>
      {items.map((value, index) => (
        <div key={index} className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <Part
              name={`${name} ${index + 1}`}
              path={`${path}[${index}]`}
              schema={item}
              isRequired
              draft={value}
              faults={faults}
              onChange={(next) => onChange(items.map((old, place) => (place === index ? next : old)))}
            />
          </div>
          <Button
            size="icon"
            look="quiet"
            aria-label={t("leaveOut", { name: `${name} ${index + 1}` })}
            onClick={() => onChange(items.filter((_, place) => place !== index))}
          >
            <Trash2 className="size-4" aria-hidden />
          </Button>
        </div>
      ))}
      {isEmptyFault ? <p className="text-[0.8125rem] text-bad">{t("fault.required")}</p> : null}
      <Button
        size="small"
        look="quiet"
        className="self-start"
        onClick={() => onChange([...items, emptyDraft(item)])}
      >
        <Plus aria-hidden />
        {t("add", { name })}
      </Button>
    </fieldset>
  );
}

function LeafPart({ name, path, schema, isRequired, draft, faults, onChange }: PartProps) {
  const t = useTranslations("operations");
  const ui = useTranslations("ui");
  const fault = faults.find((candidate) => candidate.path === path);
  const value = typeof draft === "string" ? draft : "";
  const options =
    schema.enum?.map((option) => ({ value: option, label: option })) ??
    (schema.type === "boolean"
      ? [
          { value: "true", label: ui("yes") },
          { value: "false", label: ui("no") },
        ]
      : null);
  return (
    <Field
      label={isRequired ? name : `${name} (${ui("optional")})`}
      hint={schema.maxLength && schema.maxLength < 10_000 ? t("atMost", { count: schema.maxLength }) : undefined}
      error={fault ? t(`fault.${fault.rule}`, { limit: String(fault.limit ?? "") }) : undefined}
    >
      {(control) =>
        options ? (
          <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
            <option value="" />
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </Select>
        ) : (
          <Input
            {...control}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            {...controlKind(schema)}
          />
        )
      }
    </Field>
  );
}

function controlKind(schema: JsonSchema) {
  if (schema.format === "date-time") return { type: "datetime-local", step: 1 } as const;
  if (schema.type === "integer") return { inputMode: "numeric" } as const;
  if (schema.type === "number") return { inputMode: "decimal" } as const;
  return {};
}
