import assert from "node:assert/strict";
import { test } from "node:test";

import { draftOf, emptyDraft, faultsOf, type JsonSchema, payloadOf } from "./json-schema.ts";

const PROFILE: JsonSchema = {
  type: "object",
  required: ["connectorId", "schedule"],
  properties: {
    connectorId: { type: "integer" },
    note: { type: "string", maxLength: 5 },
    purpose: { type: "string", enum: ["A", "B"] },
    validTo: { type: "string", format: "date-time" },
    schedule: {
      type: "object",
      required: ["periods"],
      properties: {
        periods: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            required: ["limit"],
            properties: { limit: { type: "number", multipleOf: 0.1 } },
          },
        },
      },
    },
  },
};

test("an empty form asks for what is required, and nothing of it may be sent yet", () => {
  const draft = emptyDraft(PROFILE);
  assert.deepEqual(draft, { connectorId: "", schedule: { periods: [{ limit: "" }] } });
  const paths = faultsOf(PROFILE, payloadOf(PROFILE, draft)).map((fault) => fault.path);
  assert.deepEqual(paths, ["connectorId", "schedule.periods[0].limit"]);
});

test("numbers are numbers, moments are UTC, what is empty is left out", () => {
  const draft = {
    connectorId: "1",
    note: "",
    validTo: "2026-03-14T10:00:00Z",
    schedule: { periods: [{ limit: "8.1" }] },
  };
  const payload = payloadOf(PROFILE, draft);
  assert.deepEqual(payload, {
    connectorId: 1,
    validTo: "2026-03-14T10:00:00.000Z",
    schedule: { periods: [{ limit: 8.1 }] },
  });
  assert.deepEqual(faultsOf(PROFILE, payload), []);
  assert.deepEqual(payloadOf(PROFILE, draftOf(PROFILE, payload)), payload);
});

test("every broken rule is named where it is broken", () => {
  const payload = {
    connectorId: 1.5,
    note: "too long",
    purpose: "C",
    validTo: "soon",
    schedule: { periods: [{ limit: 8.15 }, { limit: "x" }] },
  };
  const found = faultsOf(PROFILE, payload).map((fault) => `${fault.path} ${fault.rule}`);
  assert.deepEqual(found, [
    "connectorId integer",
    "note length",
    "purpose choice",
    "validTo date",
    "schedule.periods[0].limit step",
    "schedule.periods[1].limit number",
  ]);
});
