/** What the OCA's schemas of OCPP use of JSON Schema (draft 4). */
export interface JsonSchema {
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: string[];
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  minItems?: number;
  maxItems?: number;
}

/** A form's state: text as it was typed, undefined for what is left out. */
export type Draft = string | undefined | Draft[] | { [name: string]: Draft };
export type DraftObject = { [name: string]: Draft };

export interface Fault {
  path: string;
  rule: "required" | "number" | "integer" | "choice" | "length" | "date" | "least" | "most" | "step";
  limit?: number;
}

export function isDraftObject(draft: Draft): draft is DraftObject {
  return typeof draft === "object" && !Array.isArray(draft);
}

/** An empty form: what must be there is there, without a value unless there is only one choice. */
export function emptyDraft(schema: JsonSchema): Draft {
  if (schema.type === "array") return (schema.minItems ?? 0) > 0 && schema.items ? [emptyDraft(schema.items)] : [];
  if (schema.type !== "object") return "";
  const entries = (schema.required ?? []).map((name) => {
    const part = schema.properties?.[name];
    return [name, part ? emptyDraft(part) : ""] as const;
  });
  return Object.fromEntries(entries);
}

/** The payload that a draft stands for; what is empty is left out. */
export function payloadOf(schema: JsonSchema, draft: Draft): unknown {
  if (draft === undefined || draft === "") return undefined;
  if (Array.isArray(draft)) {
    return draft.map((item) => payloadOf(schema.items ?? {}, item)).filter((item) => item !== undefined);
  }
  if (isDraftObject(draft)) {
    const entries = Object.entries(draft)
      .map(([name, part]) => [name, payloadOf(schema.properties?.[name] ?? {}, part)] as const)
      .filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries);
  }
  return leafOf(schema, draft);
}

function leafOf(schema: JsonSchema, text: string): unknown {
  switch (schema.type) {
    case "integer":
    case "number":
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case "boolean":
      return text === "true";
    default:
      return schema.format === "date-time" && isMoment(text) ? new Date(text).toISOString() : text;
  }
}

/** The draft that shows a payload; members that the schema does not know are kept. */
export function draftOf(schema: JsonSchema, value: unknown): Draft {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.map((item) => draftOf(schema.items ?? {}, item));
  if (typeof value === "object") {
    const entries = Object.entries(value).map(
      ([name, part]) => [name, draftOf(schema.properties?.[name] ?? {}, part)] as const,
    );
    return Object.fromEntries(entries);
  }
  if (schema.format === "date-time" && typeof value === "string" && isMoment(value)) {
    return localMoment(new Date(value));
  }
  return String(value as string | number | boolean);
}

/** What the payload breaks of its schema, so that it is said before anything is sent. */
export function faultsOf(schema: JsonSchema, value: unknown, path = ""): Fault[] {
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return [{ path, rule: "required" }];
    return value.flatMap((item, index) => faultsOf(schema.items ?? {}, item, `${path}[${index}]`));
  }
  if (typeof value === "object" && value !== null) {
    const members = value as Record<string, unknown>;
    const missing = (schema.required ?? [])
      .filter((name) => members[name] === undefined)
      .map((name): Fault => ({ path: below(path, name), rule: "required" }));
    const inner = Object.entries(members).flatMap(([name, part]) =>
      faultsOf(schema.properties?.[name] ?? {}, part, below(path, name)),
    );
    return [...missing, ...inner];
  }
  if (schema.type === "integer" || schema.type === "number") return numberFaults(schema, value, path);
  return typeof value === "string" ? textFaults(schema, value, path) : [];
}

function numberFaults(schema: JsonSchema, value: unknown, path: string): Fault[] {
  if (typeof value !== "number") return [{ path, rule: "number" }];
  if (schema.type === "integer" && !Number.isInteger(value)) return [{ path, rule: "integer" }];
  if (schema.minimum !== undefined && value < schema.minimum) {
    return [{ path, rule: "least", limit: schema.minimum }];
  }
  if (schema.maximum !== undefined && value > schema.maximum) {
    return [{ path, rule: "most", limit: schema.maximum }];
  }
  const steps = value / (schema.multipleOf ?? 1);
  // 8.1 is a multiple of 0.1, whatever binary fractions say.
  if (schema.multipleOf !== undefined && Math.abs(steps - Math.round(steps)) > 1e-6) {
    return [{ path, rule: "step", limit: schema.multipleOf }];
  }
  return [];
}

function textFaults(schema: JsonSchema, value: string, path: string): Fault[] {
  if (schema.enum && !schema.enum.includes(value)) return [{ path, rule: "choice" }];
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    return [{ path, rule: "length", limit: schema.maxLength }];
  }
  if (schema.format === "date-time" && !isMoment(value)) return [{ path, rule: "date" }];
  return [];
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function isMoment(text: string): boolean {
  return !Number.isNaN(new Date(text).getTime());
}

/** As a `datetime-local` control has it, on this clock. */
function localMoment(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}
