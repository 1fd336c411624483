import assert from "node:assert/strict";
import { test } from "node:test";

import { entriesWithHost, missingPackages } from "./check-lock.mjs";

const parent = { optionalDependencies: { "@x/core-darwin-arm64": "1.0.0", "@x/core-win32-x64": "1.0.0" } };

test("an optional package for macOS that is not in the lock is missing", () => {
  const lock = { packages: { "node_modules/@x/core": parent } };
  assert.deepEqual([...missingPackages(lock).keys()], ["@x/core-darwin-arm64"]);
});

test("a complete lock misses nothing", () => {
  const lock = {
    packages: { "node_modules/@x/core": parent, "node_modules/@x/core-darwin-arm64": {} },
  };
  assert.equal(missingPackages(lock).size, 0);
});

test("an entry that names a registry is found", () => {
  const lock = { packages: { "node_modules/a": { resolved: "https://registry.example/a.tgz" } } };
  assert.deepEqual(entriesWithHost(lock), ["node_modules/a"]);
});
