import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { scriptHashes, withPolicy, withVersion } from "./finish.mjs";

const PAGE = '<html><head><script src="/a.js"></script></head><body><script>go()</script></body></html>';

test("only scripts that stand in the page itself are named", () => {
  assert.deepEqual(scriptHashes(PAGE), ["'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='"]);
});

test("the policy stands before the first script", () => {
  const page = withPolicy(PAGE);
  assert.ok(page.indexOf("Content-Security-Policy") < page.indexOf("<script"));
  assert.ok(page.includes("script-src 'self' 'wasm-unsafe-eval' 'sha256-"));
});

test("each build gives the worker caches of its own", () => {
  const worker = readFileSync(new URL("../public/sw.js", import.meta.url), "utf8");
  assert.ok(withVersion(worker, "0123456789abcdef0123").includes('const VERSION = "0123456789abcdef";'));
  assert.throws(() => withVersion("no worker", "0"));
});
