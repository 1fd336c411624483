import assert from "node:assert/strict";
import { test } from "node:test";

import { chargerCode } from "./charger-code.ts";

const ORIGIN = "https://charge.example.org";

test("a label's address names its charger", () => {
  assert.equal(chargerCode(`${ORIGIN}/charge/CP001`, ORIGIN), "CP001");
  assert.equal(chargerCode(`${ORIGIN}/charge/Quay%2F2/`, ORIGIN), "Quay/2");
});

test("a bare id is a code, a sentence is not", () => {
  assert.equal(chargerCode(" CP001 ", ORIGIN), "CP001");
  assert.equal(chargerCode("call me maybe", ORIGIN), null);
  assert.equal(chargerCode("", ORIGIN), null);
});

test("another site, another page or a broken address lead nowhere", () => {
  assert.equal(chargerCode("https://elsewhere.example/charge/CP001", ORIGIN), null);
  assert.equal(chargerCode(`${ORIGIN}/wallet`, ORIGIN), null);
  assert.equal(chargerCode(`${ORIGIN}/charge/%E0%A4%A`, ORIGIN), null);
  assert.equal(chargerCode("javascript://charge.example.org/charge/CP001", ORIGIN), null);
});
