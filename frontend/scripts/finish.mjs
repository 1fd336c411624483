// Finishes the export: gives the service worker the version of this build, and every page a policy
// of its own that lets only its own scripts run, wherever the files are served from.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const OUT = fileURLToPath(new URL("../out", import.meta.url));
const INLINE = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;
const VERSION = /const VERSION = "[^"]*";/;

/** The scripts that stand in a page itself, as a content security policy names them. */
export function scriptHashes(page) {
  const hashes = [...page.matchAll(INLINE)].map(([, text]) => createHash("sha256").update(text).digest("base64"));
  return [...new Set(hashes)].sort().map((hash) => `'sha256-${hash}'`);
}

/** The page with its policy in front of everything that it restricts. */
export function withPolicy(page) {
  const scripts = ["'self'", "'wasm-unsafe-eval'", ...scriptHashes(page)].join(" ");
  const policy = `script-src ${scripts}; object-src 'none'; base-uri 'none'`;
  return page.replace("<head>", `<head><meta http-equiv="Content-Security-Policy" content="${policy}"/>`);
}

/** The service worker of a build with this digest. */
export function withVersion(worker, digest) {
  if (!VERSION.test(worker)) throw new Error("sw.js names no VERSION");
  return worker.replace(VERSION, `const VERSION = "${digest.slice(0, 16)}";`);
}

function digestOf(paths) {
  const digest = createHash("sha256");
  for (const path of paths) digest.update(path).update("\0").update(readFileSync(path));
  return digest.digest("hex");
}

function finish() {
  const files = readdirSync(OUT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const worker = join(OUT, "sw.js");
  writeFileSync(worker, withVersion(readFileSync(worker, "utf8"), digestOf(files)));
  for (const path of files.filter((name) => name.endsWith(".html"))) {
    writeFileSync(path, withPolicy(readFileSync(path, "utf8")));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) finish();
