// Keeps the app's own files, so that it opens without a network. What the server knows is never
// kept: pages ask for it, and say so when they cannot.
// The build writes a digest of the app here: each build installs anew, with caches of its own.
const VERSION = "development";
const ASSETS_PREFIX = "csms-assets-";
const PAGES = `csms-pages-${VERSION}`;
const ASSETS = ASSETS_PREFIX + VERSION;
const OFFLINE = "/offline";
const SHELL = [OFFLINE, "/find", "/scan", "/sessions", "/wallet", "/profile", "/charge/_", "/sessions/_"];
const ASSETS_MAX = 300;
const PAGES_MAX = 60;
/** A tab of the build before may still ask for its own files. */
const BUILDS_KEPT = 2;
/** How long a network that says nothing is waited for when there is a copy. */
const PATIENCE_MS = 5_000;
const ONE_PAGE = /^\/(charge|sessions)\/[^/]+?(\.txt)?$/;
const SERVED = /^\/(api|auth|users|webhooks|docs|ocpp|openapi\.json|healthz|readyz|metrics)(\/|$)/;
const STATIC = "/_next/static/";
const STATIC_IN_PAGE = /\/_next\/static\/[^"'\\\s)]+\.(?:js|css|woff2)/g;

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  const urls = event.data?.keep;
  if (Array.isArray(urls)) event.waitUntil(keepAssets(urls));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (SERVED.test(url.pathname)) return;
  if (url.pathname.startsWith(STATIC)) event.respondWith(keptFirst(request));
  else event.respondWith(networkFirst(event, url));
});

/** The page for no network is needed; the others as far as they can be had. */
async function keepShell() {
  const pages = await caches.open(PAGES);
  const keepOne = async (path) => {
    const answer = await fetch(path, { cache: "no-cache" });
    if (!answer.ok) throw new Error(`${path}: status ${answer.status}`);
    const text = await answer.clone().text();
    await pages.put(path, answer);
    await keepAssets(new Set(text.match(STATIC_IN_PAGE) ?? []));
  };
  await keepOne(OFFLINE);
  await Promise.allSettled(SHELL.filter((path) => path !== OFFLINE).map(keepOne));
}

async function keepAssets(urls) {
  const assets = await caches.open(ASSETS);
  const keepOne = async (address) => {
    const url = new URL(address, self.location.origin);
    const isOurs = url.origin === self.location.origin && url.pathname.startsWith(STATIC);
    if (isOurs && !(await assets.match(url.href))) await assets.add(url.href);
  };
  await Promise.allSettled([...urls].map(keepOne));
}

async function dropOld() {
  const names = await caches.keys(); // in the order in which they were made
  const kept = new Set(names.filter((name) => name.startsWith(ASSETS_PREFIX)).slice(-BUILDS_KEPT));
  kept.add(ASSETS).add(PAGES);
  await Promise.all(names.filter((name) => !kept.has(name)).map((name) => caches.delete(name)));
}

/** Files whose name changes with their content. */
async function keptFirst(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    const assets = await caches.open(ASSETS);
    await assets.put(request, answer.clone());
    await trim(assets, ASSETS_MAX);
  }
  return answer;
}

/** A page of the present, otherwise the one that was kept; a page exported once serves every id. */
async function networkFirst(event, url) {
  const pages = await caches.open(PAGES);
  const key = url.pathname.replace(ONE_PAGE, "/$1/_$2");
  const kept = await pages.match(key);
  const fresh = fetchAndKeep(event.request, pages, key);
  event.waitUntil(fresh.catch(() => undefined));
  if (kept) return Promise.race([fresh.catch(() => kept), after(PATIENCE_MS).then(() => kept)]);
  try {
    return await fresh;
  } catch (error) {
    const instead = event.request.mode === "navigate" ? await pages.match(OFFLINE) : undefined;
    if (instead) return instead;
    throw error;
  }
}

async function fetchAndKeep(request, pages, key) {
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic" && !answer.redirected) {
    await pages.put(key, answer.clone());
    await trim(pages, PAGES_MAX);
  }
  return answer;
}

function after(durationMs) {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

async function trim(cache, max) {
  const keys = await cache.keys();
  const surplus = keys.filter((key) => !SHELL.includes(new URL(key.url).pathname)).slice(0, keys.length - max);
  await Promise.all(surplus.map((key) => cache.delete(key)));
}
