/** Sends what a person says in one room: one at a time and in order, until the server has it or says no for good. */
import type { Frame, LiveConnection } from "../../web/elements/live";
import { type Outbox, post, type Said, SYNC } from "./outbox";

const ANSWER_WITHIN_MS = 8000;
const AGAIN_AFTER_MS = 1000;
const POST_AFTER_MS = 10_000;
const PASSING = new Set(["TryAgain", "TooFast"]);

export class Sender {
  readonly #outbox: Outbox;
  readonly #live: LiveConnection;
  readonly #refused: (said: Said) => void;
  #waiting: Said[] = [];
  #underWay = "";
  #isJoined = false;
  #timer = 0;
  #postTimer = 0;

  constructor(outbox: Outbox, live: LiveConnection, refused: (said: Said) => void) {
    this.#outbox = outbox;
    this.#live = live;
    this.#refused = refused;
    document.body.addEventListener("live:off", () => this.#broke());
  }

  get isIdle(): boolean {
    return this.#waiting.every((said) => said.refused);
  }

  /** Takes back what was kept from an earlier visit. */
  resume(kept: Said[]): void {
    this.#waiting = [...kept, ...this.#waiting];
    this.#next();
  }

  async say(said: Said): Promise<void> {
    this.#waiting.push(said);
    await this.#outbox.put(said).catch(() => undefined); // a private window may keep nothing
    if (!this.#live.isOn) void askForSync();
    this.#next();
  }

  /** Tries once more what was refused. */
  async again(cid: string): Promise<void> {
    const said = this.#waiting.find((one) => one.cid === cid);
    if (said) await this.#change({ ...said, refused: undefined });
    this.#next();
  }

  async drop(cid: string): Promise<void> {
    this.#waiting = this.#waiting.filter((said) => said.cid !== cid);
    await this.#outbox.remove(cid).catch(() => undefined);
  }

  /** The room shows everything up to now: what waits can go. */
  joined(): void {
    this.#isJoined = true;
    this.#underWay = "";
    this.#next();
  }

  /** The server has it. */
  stored(cid: string): void {
    if (!this.#waiting.some((said) => said.cid === cid)) return;
    void this.drop(cid);
    if (this.#underWay === cid) this.#underWay = "";
    this.#next();
  }

  async no(frame: Frame): Promise<void> {
    const said = this.#waiting.find(({ cid }) => cid === frame["cid"]);
    if (!said) return;
    clearTimeout(this.#timer);
    if (frame["code"] === "NotJoined") {
      this.#broke();
      this.#live.catchUp(said.room);
    } else if (PASSING.has(String(frame["code"]))) {
      this.#timer = setTimeout(() => {
        this.#underWay = "";
        this.#next();
      }, AGAIN_AFTER_MS);
    } else {
      await this.#giveUp(said, String(frame["message"]));
    }
  }

  async #giveUp(said: Said, why: string): Promise<void> {
    const refused = { ...said, refused: why };
    await this.#change(refused);
    this.#refused(refused);
    if (this.#underWay === said.cid) this.#underWay = "";
    this.#next();
  }

  async #change(said: Said): Promise<void> {
    this.#waiting = this.#waiting.map((one) => (one.cid === said.cid ? said : one));
    await this.#outbox.put(said).catch(() => undefined);
  }

  #broke(): void {
    this.#isJoined = false;
    this.#underWay = "";
    clearTimeout(this.#timer);
    this.#next();
  }

  #next(): void {
    const said = this.#waiting.find((one) => !one.refused);
    clearTimeout(this.#postTimer);
    if (!said) return;
    if (this.#isJoined && !this.#underWay && this.#live.send(frameOf(said))) {
      this.#underWay = said.cid;
      clearTimeout(this.#timer);
      // A line that went dead without a word is found by this.
      this.#timer = setTimeout(() => this.#live.restart(), ANSWER_WITHIN_MS);
    }
    this.#postTimer = setTimeout(() => void this.#post(), POST_AFTER_MS);
  }

  /** The long way, for where WebSockets do not get through. */
  async #post(): Promise<void> {
    try {
      const answers = await post(this.#outbox, this.#waiting.filter((said) => !said.refused));
      for (const { cid, seq, title } of answers) {
        const said = this.#waiting.find((one) => one.cid === cid);
        if (seq) this.stored(cid);
        else if (said) await this.#giveUp(said, title ?? "");
      }
    } catch {
      this.#next();
    }
  }
}

function frameOf({ cid, room, kind, body, about, upload }: Said): Frame {
  return { t: "send", room, cid, kind, body, about, upload: upload?.id };
}

/** Asks the browser to let the service worker send it once there is a network, even with the page closed. */
async function askForSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const sync = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
  await sync?.register(SYNC).catch(() => undefined);
}
