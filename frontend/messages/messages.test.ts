import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = new URL("..", import.meta.url).pathname;
const LOCALES = ["en", "de", "fr", "es"];

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") flat.set(prefix + key, value);
    else for (const [name, text] of flatten(value, `${prefix}${key}.`)) flat.set(name, text);
  }
  return flat;
}

function messages(locale: string): Map<string, string> {
  return flatten(JSON.parse(readFileSync(join(ROOT, "messages", `${locale}.json`), "utf8")) as Tree);
}

/** Names of arguments at the outer level: branches of a plural may hold other braces. */
function argumentsOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1] ?? ""))].sort();
}

function sources(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(ROOT, folder, name), "utf8"))
    .join("\n");
}

for (const locale of LOCALES.slice(1)) {
  test(`${locale} says everything that en says, with the same arguments`, () => {
    const english = messages("en");
    const other = messages(locale);
    assert.deepEqual([...other.keys()].sort(), [...english.keys()].sort());
    for (const [key, text] of english) {
      assert.deepEqual(argumentsOf(other.get(key) ?? ""), argumentsOf(text), `${locale} ${key}`);
      assert.notEqual(other.get(key)?.trim(), "", `${locale} ${key}`);
    }
  });
}

test("every message is used somewhere", () => {
  const code = ["app", "components", "features"].map(sources).join("\n");
  const unused = [...messages("en").keys()].filter((key) => {
    const name = key.split(".").at(-1) ?? "";
    const group = key.split(".").at(-2) ?? "";
    const isNamed = new RegExp(`["'.\`]${name}["'\`]|\\b${name}:`).test(code);
    return !isNamed && !new RegExp(`${group}\\.\\$\\{|"[\\w.]*${group}"`).test(code);
  });
  assert.deepEqual(unused, []);
});
