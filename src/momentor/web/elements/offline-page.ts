/** Shows a page of our own when somebody goes to one and there is no connection. Nothing else is kept. */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetched extends Extendable {
  request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Worker {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listener: (event: Extendable) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetched) => void): void;
}

const worker = self as unknown as Worker;
const KEPT = "offline-1";
const PAGE = "/offline/";

worker.addEventListener("install", (event) => event.waitUntil(keep().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => worker.clients.claim())));
worker.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(goThere(event.request));
  else if (new URL(event.request.url).pathname.startsWith("/static/built/")) event.respondWith(orKept(event.request));
});

/** Keep the page without anybody's cookie, so that no name stands in it, and what it wears. */
async function keep(): Promise<void> {
  const store = await caches.open(KEPT);
  const response = await fetch(PAGE, { credentials: "omit" });
  if (!response.ok) return;
  const worn = [...(await response.clone().text()).matchAll(/"(\/static\/[^"#]+\.(?:css|svg))/g)].map(([, path]) => path as string);
  await store.put(PAGE, response);
  await Promise.allSettled([...new Set(worn)].map((path) => store.add(path)));
}

async function forgetOthers(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith("offline-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function goThere(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

async function orKept(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

export {};
