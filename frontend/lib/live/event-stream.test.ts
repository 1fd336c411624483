import assert from "node:assert/strict";
import { test } from "node:test";

import { createEventParser } from "./event-stream.ts";

test("an event that arrives in pieces is whole", () => {
  const push = createEventParser();
  assert.deepEqual(push("id: 4\nevent: transaction.started\nda"), []);
  assert.deepEqual(push('ta: {"a":1}\n\n'), [
    { id: "4", name: "transaction.started", data: '{"a":1}' },
  ]);
});

test("comments that keep the line open are no events", () => {
  assert.deepEqual(createEventParser()(": alive\n\n"), []);
});

test("two events in one piece are two", () => {
  const events = createEventParser()("data: 1\n\ndata: 2\n\n");
  assert.deepEqual(events.map((event) => event.data), ["1", "2"]);
});
