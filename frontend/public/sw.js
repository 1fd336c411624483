// Keeps the app's own files, so that it opens without a network. What the server knows is never
// kept: pages ask for it, and say so when they cannot.
const ASSETS = "csms-assets-1";
const PAGES = "csms-pages-1";
const OFFLINE = "/offline";
const ASSETS_MAX = 300;
const PAGES_MAX = 60;
const ONE_PAGE = /^\/(charge|sessions)\/[^/]+?(\.txt)?$/;
const SERVED = /^\/(api|auth|users|webhooks|docs|ocpp|openapi\.json|healthz|readyz|metrics)(\/|$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(keepOffline().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (SERVED.test(url.pathname)) return;
  if (url.pathname.startsWith("/_next/static/")) event.respondWith(keptFirst(request));
  else if (request.mode === "navigate") event.respondWith(networkFirst(request, url, true));
  else event.respondWith(networkFirst(request, url, false));
});

async function keepOffline() {
  const pages = await caches.open(PAGES);
  await pages.add(OFFLINE);
}

async function dropOld() {
  const known = new Set([ASSETS, PAGES]);
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !known.has(name)).map((name) => caches.delete(name)));
}

/** Files whose name changes with their content. */
async function keptFirst(request) {
  const assets = await caches.open(ASSETS);
  const kept = await assets.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    await assets.put(request, answer.clone());
    await trim(assets, ASSETS_MAX);
  }
  return answer;
}

/** A page of the present, otherwise the one that was kept; a page exported once serves every id. */
async function networkFirst(request, url, isPage) {
  const pages = await caches.open(PAGES);
  const key = url.pathname.replace(ONE_PAGE, "/$1/_$2");
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.type === "basic" && !answer.redirected) {
      await pages.put(key, answer.clone());
      await trim(pages, PAGES_MAX);
    }
    return answer;
  } catch (error) {
    const kept = (await pages.match(key)) ?? (isPage ? await pages.match(OFFLINE) : undefined);
    if (kept) return kept;
    throw error;
  }
}

async function trim(cache, max) {
  const keys = await cache.keys();
  const surplus = keys.filter((key) => new URL(key.url).pathname !== OFFLINE).slice(0, keys.length - max);
  await Promise.all(surplus.map((key) => cache.delete(key)));
}
