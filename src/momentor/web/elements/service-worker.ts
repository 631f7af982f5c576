let registered: Promise<ServiceWorkerRegistration | undefined> | undefined;

/** Gives the service worker of the site, at work; nothing where the browser has none. */
export function serviceWorker(): Promise<ServiceWorkerRegistration | undefined> {
  registered ??= register();
  return registered;
}

async function register(): Promise<ServiceWorkerRegistration | undefined> {
  if (!("serviceWorker" in navigator)) return undefined;
  try {
    await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    return await navigator.serviceWorker.ready;
  } catch {
    return undefined; // a private window, or a browser that forbids it
  }
}

// Who is signed in gets the page for bad connections, and may be told of things.
if (document.querySelector("notice-bell")) addEventListener("load", () => void serviceWorker());
