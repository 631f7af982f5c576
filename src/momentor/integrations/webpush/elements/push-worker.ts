/**
 * Shows what is pushed, and does what is chosen on it, without a page.
 *
 * Accepting and passing go to the addresses in the notification: each is signed for one decision on one offer, and the
 * browser adds the cookie of the person it is for.
 */
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Pushed extends Waiting {
  data: { json(): unknown } | null;
}
interface Clicked extends Waiting {
  notification: Notification;
  action: string;
}
interface Tab {
  url: string;
  focus(): Promise<Tab>;
  navigate(url: string): Promise<Tab | null>;
}
interface Worker {
  registration: ServiceWorkerRegistration;
  clients: {
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<Tab[]>;
    openWindow(url: string): Promise<Tab | null>;
  };
  addEventListener(type: "push", listener: (event: Pushed) => void): void;
  addEventListener(type: "notificationclick", listener: (event: Clicked) => void): void;
}

interface Decision {
  action: string;
  title: string;
  url: string;
}
interface Payload {
  title: string;
  body?: string;
  url?: string;
  tag?: string;
  lang?: string;
  stay?: boolean;
  until?: number;
  actions?: Decision[];
}
type Options = NotificationOptions & { actions?: { action: string; title: string }[]; renotify?: boolean };

const worker = self as unknown as Worker;
const LOOKS = { icon: "/static/img/icon-192.png", badge: "/static/img/badge-96.png" };

worker.addEventListener("push", (event) => event.waitUntil(show(read(event))));
worker.addEventListener("notificationclick", (event) => event.waitUntil(follow(event)));

/** A push must show something, whatever came: browsers take the right away from who stays silent. */
function read(event: Pushed): Payload {
  try {
    const payload = event.data?.json() as Payload;
    if (payload && typeof payload.title === "string") return payload;
  } catch {
    // not ours, or cut off
  }
  return { title: "Momentor", url: "/" };
}

function show(payload: Payload): Promise<void> {
  const isOver = payload.until !== undefined && payload.until < Date.now();
  const decisions = isOver ? [] : (payload.actions ?? []);
  const options: Options = {
    ...LOOKS,
    body: payload.body ?? "",
    data: { url: payload.url ?? "/", decisions },
    actions: decisions.map(({ action, title }) => ({ action, title })),
    requireInteraction: Boolean(payload.stay) && !isOver,
    ...(payload.tag && { tag: payload.tag, renotify: true }),
    ...(payload.lang && { lang: payload.lang }),
  };
  return worker.registration.showNotification(payload.title, options);
}

async function follow({ notification, action }: Clicked): Promise<void> {
  notification.close();
  const { url, decisions } = notification.data as { url: string; decisions: Decision[] };
  const decision = decisions.find((one) => one.action === action);
  if (!decision) {
    await open(url);
    return;
  }
  try {
    const response = await fetch(decision.url, { method: "POST", headers: { Accept: "application/json" } });
    const answer = (await response.json()) as { title?: string; url?: string };
    if (response.ok && answer.url) await open(answer.url);
    else if (!response.ok) await show({ title: answer.title ?? notification.title, url });
  } catch {
    // Signed out, or no connection: the page says which, and the offer waits there.
    await show({ title: notification.title, body: notification.body, url });
  }
}

/** Go there in a page that is open already, else in a new one. Only ever to this site. */
async function open(url: string): Promise<void> {
  const target = new URL(url, location.origin);
  const address = target.origin === location.origin ? target.href : "/";
  const tabs = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const tab = tabs.find((one) => one.url === address) ?? tabs[0];
  try {
    const focused = await tab?.focus();
    if (focused && (focused.url === address || (await focused.navigate(address)))) return;
  } catch {
    // a page that this worker does not look after cannot be led elsewhere
  }
  await worker.clients.openWindow(address);
}

export {};
