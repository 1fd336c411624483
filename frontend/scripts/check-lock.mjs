// Checks that package-lock.json installs on every platform we serve and names no registry.
// npm records only the optional packages that fit the machine on which the lock was written;
// `--repair` asks the registry for the missing ones through npm itself.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const LOCK = new URL("../package-lock.json", import.meta.url);
const PLATFORM = /-(linux-(x64|arm64)(-gnu)?|darwin-(x64|arm64))$/;
const FIELDS = ["version", "cpu", "dist.integrity", "license", "os", "libc", "engines"];

/** Names of optional platform packages that the lock leaves out, with the wanted version. */
export function missingPackages(lock) {
  const missing = new Map();
  for (const entry of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const isWanted = PLATFORM.test(name) && !lock.packages[`node_modules/${name}`];
      if (isWanted) missing.set(name, { version, isDev: entry.dev === true });
    }
  }
  return missing;
}

/** Entries that name where a package was fetched from. */
export function entriesWithHost(lock) {
  return Object.entries(lock.packages)
    .filter(([, entry]) => typeof entry.resolved === "string" && entry.resolved.startsWith("http"))
    .map(([path]) => path);
}

function published(name, version) {
  const text = execFileSync("npm", ["view", `${name}@${version}`, ...FIELDS, "--json"], {
    encoding: "utf8",
  });
  const found = JSON.parse(text);
  return Array.isArray(found) ? found.at(-1) : found;
}

function repair(lock) {
  for (const [name, { version, isDev }] of missingPackages(lock)) {
    const found = published(name, version);
    lock.packages[`node_modules/${name}`] = {
      version: found.version,
      cpu: found.cpu,
      ...(isDev ? { dev: true } : {}),
      integrity: found["dist.integrity"],
      ...(found.libc ? { libc: found.libc } : {}),
      license: found.license,
      optional: true,
      os: found.os,
      ...(found.engines ? { engines: found.engines } : {}),
    };
  }
  for (const path of entriesWithHost(lock)) delete lock.packages[path].resolved;
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(LOCK, "utf8"));
  if (process.argv.includes("--repair")) repair(lock);
  const missing = [...missingPackages(lock).keys()];
  const hosts = entriesWithHost(lock);
  for (const name of missing) console.error(`missing from the lock: ${name}`);
  for (const path of hosts) console.error(`names a registry: ${path}`);
  if (missing.length > 0 || hosts.length > 0) {
    console.error("run: npm run lock:repair");
    process.exit(1);
  }
  console.log("the lock is complete");
}
