import assert from "node:assert/strict";
import { test } from "node:test";

import { chargerCode } from "./charger-code.ts";

const ORIGIN = "https://charge.example.org";
const LABELS = "https://csms.example.org";
const ORIGINS = [ORIGIN, LABELS];

test("a label's address names its charger", () => {
  assert.equal(chargerCode(`${ORIGIN}/charge/CP001`, ORIGINS), "CP001");
  assert.equal(chargerCode(`${ORIGIN}/charge/Quay%2F2/`, ORIGINS), "Quay/2");
});

test("a label may carry the product's address while the app is served elsewhere", () => {
  assert.equal(chargerCode(`${LABELS}/charge/CP001`, ORIGINS), "CP001");
});

test("a bare id is a code, a sentence is not", () => {
  assert.equal(chargerCode(" CP001 ", ORIGINS), "CP001");
  assert.equal(chargerCode("call me maybe", ORIGINS), null);
  assert.equal(chargerCode("", ORIGINS), null);
});

test("another site, another page or a broken address lead nowhere", () => {
  assert.equal(chargerCode("https://elsewhere.example/charge/CP001", ORIGINS), null);
  assert.equal(chargerCode(`${ORIGIN}/wallet`, ORIGINS), null);
  assert.equal(chargerCode(`${ORIGIN}/charge/%E0%A4%A`, ORIGINS), null);
  assert.equal(chargerCode("javascript://charge.example.org/charge/CP001", ORIGINS), null);
});
