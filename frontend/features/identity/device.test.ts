import assert from "node:assert/strict";
import { test } from "node:test";

import { deviceOf } from "./device.ts";

test("browsers are named by browser and system, programs as they call themselves", () => {
  const phone =
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36";
  assert.equal(deviceOf(phone), "Chrome · Android");
  assert.equal(deviceOf("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"), "Firefox · Linux");
  assert.equal(deviceOf("python-httpx/0.28.1"), "python-httpx/0.28.1");
  assert.equal(deviceOf(null), null);
});
