import assert from "node:assert/strict";
import { test } from "node:test";

import {
  formatAgo,
  formatDuration,
  formatEnergy,
  formatMoney,
  formatPower,
  formatPrice,
  formatRatedPower,
  formatTime,
} from "./format.ts";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

test("money follows the locale and keeps every digit of a large amount", () => {
  assert.equal(formatMoney({ amount: "1234.50", currency: "EUR" }, "en"), "€1,234.50");
  assert.equal(plain(formatMoney({ amount: "1234.50", currency: "EUR" }, "de")), "1.234,50 €");
  const large = { amount: "9007199254740993.01", currency: "EUR" };
  assert.equal(formatMoney(large, "en"), "€9,007,199,254,740,993.01");
});

test("a price shows more digits than money when it has them", () => {
  assert.equal(formatPrice("0.45", "EUR", "en"), "€0.45");
  assert.equal(formatPrice("0.0125", "EUR", "en"), "€0.0125");
});

test("energy and power choose a readable unit", () => {
  assert.equal(formatEnergy(950, "en"), "950 Wh");
  assert.equal(formatEnergy(12_340, "de"), "12,34 kWh");
  assert.equal(formatEnergy(2_500_000, "en"), "2.5 MWh");
  assert.equal(formatPower(10_980, "en"), "11.0 kW");
  assert.equal(formatRatedPower(150, "en"), "150 kW");
  assert.equal(formatRatedPower(7.4, "de"), "7,4 kW");
});

test("a moment is shown in the zone that is asked for", () => {
  assert.equal(formatTime("2026-03-14T09:26:53Z", "de", "time", "Europe/Berlin"), "10:26");
});

test("durations read as people say them", () => {
  assert.equal(formatDuration(7_500), "2 h 05 min");
  assert.equal(formatDuration(65), "1 min 05 s");
});

test("the past is told in words", () => {
  const now = new Date("2026-03-14T10:00:00Z");
  assert.equal(formatAgo("2026-03-14T09:58:00Z", now, "en"), "2 min. ago");
  assert.equal(formatAgo("2026-03-14T10:00:09Z", now, "en"), "now");
});
