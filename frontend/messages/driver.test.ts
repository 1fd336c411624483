import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

type Tree = { [key: string]: Tree | string };

function read(locale: string): Tree {
  return JSON.parse(readFileSync(new URL(`./driver/${locale}.json`, import.meta.url), "utf8")) as Tree;
}

/** Every key with the names that its text takes, such as `find.first {shown,total}`. */
function shape(tree: Tree, path = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const name = path === "" ? key : `${path}.${key}`;
    if (typeof value !== "string") return shape(value, name);
    const taken = [...value.matchAll(/\{(\w+)/g)].map((match) => match[1]).sort();
    return [`${name} {${taken.join(",")}}`];
  });
}

for (const locale of ["de", "fr", "es"]) {
  test(`${locale} says everything that English says, with the same values`, () => {
    assert.deepEqual(shape(read(locale)), shape(read("en")));
  });
}
