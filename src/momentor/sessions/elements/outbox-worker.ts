/** Sends what was written without a network once there is one, the page open or closed. */
import { Outbox, post, SYNC } from "./outbox";

// TypeScript has one global scope a project, and it is the page's.
interface SyncEvent extends Event {
  readonly tag: string;
  waitUntil(work: Promise<void>): void;
}

addEventListener("sync", (event) => {
  const { tag } = event as SyncEvent;
  if (tag === SYNC) (event as SyncEvent).waitUntil(sendWhatWaits());
});

/** Throws for the browser to try again. */
async function sendWhatWaits(): Promise<void> {
  const outbox = new Outbox();
  const waiting = (await outbox.all()).filter((said) => !said.refused);
  for (const { cid, code, title } of await post(outbox, waiting)) {
    const said = waiting.find((one) => one.cid === cid);
    if (code && said) await outbox.put({ ...said, refused: title ?? code });
  }
}
