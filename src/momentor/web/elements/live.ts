/**
 * One live connection a page, shared by everything on it. What comes for the person is a DOM event on the body,
 * `live:<t>`, so that htmx can follow with hx-trigger="live:offer from:body". What came before there was a connection,
 * or while it was away, is told to nobody: `live:on` says when to read anew.
 *
 * The frames are described in docs/reference/live.md.
 */

export interface Frame {
  readonly t: string;
  readonly [field: string]: unknown;
}

interface Room {
  /** Says from which number on to read. */
  after: () => number;
  hear: (frame: Frame) => void;
}

const SIGNED_OUT = 4401;
const NOT_HERE = 4404;
const MISUSED = 4429;
const SHORTEST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const LONG_PAUSE_MS = 30_000;
// Frames that tell people nothing they could act on stay with the room that gets them.
const QUIET = new Set(["message", "stored", "live", "typing", "read", "presence", "resync", "return", "refused"]);

export class LiveConnection {
  #address = "";
  #socket: WebSocket | undefined;
  #timer = 0;
  #tries = 0;
  #asked = 0;
  #rooms = new Map<string, Room>();

  /** Connects for good: after every break it comes back, later and later, until it is told not to. */
  start(path: string): void {
    if (this.#address) return;
    this.#address = `${location.protocol.replace("http", "ws")}//${location.host}${path}`;
    this.#show("off");
    this.#connect();
    addEventListener("online", () => this.#connectNow());
    addEventListener("pageshow", (event) => event.persisted && this.#connectNow());
    // What the phone put to sleep may look open and be dead.
    addEventListener("offline", () => this.restart());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#connectNow();
    });
  }

  get isOn(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Sends a frame if there is a connection; what must not be lost is kept and sent again by its sender. */
  send(frame: Frame): boolean {
    if (!this.isOn) return false;
    this.#socket?.send(JSON.stringify(frame));
    return true;
  }

  /** Joins a room now and after every break, reading on from where it says it is. Returns what leaves it. */
  join(room: string, after: () => number, hear: (frame: Frame) => void): () => void {
    this.#rooms.set(room, { after, hear });
    this.#join(room);
    return () => {
      this.#rooms.delete(room);
      this.send({ t: "leave", room });
    };
  }

  /** Joins a room again, to be told what was missed. */
  catchUp(room: string): void {
    this.#join(room);
  }

  /** Gives up a connection that looks dead. */
  restart(): void {
    const dead = this.#socket;
    this.#socket = undefined;
    dead?.close();
    if (dead) this.#closed(dead, 0);
  }

  #join(room: string): void {
    const known = this.#rooms.get(room);
    if (known) this.send({ t: "join", room, after: known.after() });
  }

  #readAnew(): void {
    for (const room of this.#rooms.keys()) this.#join(room);
    tell("live:on", { t: "on" });
  }

  #connectNow(): void {
    this.#tries = 0;
    if (this.#address && (this.#socket?.readyState ?? WebSocket.CLOSED) >= WebSocket.CLOSING) this.#connect();
  }

  #connect(): void {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    this.#asked = 0;
    socket.addEventListener("open", () => {
      if (socket !== this.#socket) return;
      this.#show("on");
      this.#readAnew();
    });
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) this.#hear(JSON.parse(data as string) as Frame);
    });
    socket.addEventListener("close", ({ code }) => {
      if (socket === this.#socket) this.#closed(socket, code);
    });
  }

  #hear(frame: Frame): void {
    this.#tries = 0;
    if (frame.t === "return") this.#asked = Number(frame["in"]);
    else if (frame.t === "resync") this.#readAnew();
    const room = this.#rooms.get(String(frame["room"]));
    if (room) room.hear(frame);
    else if (frame.t === "refused" && !frame["room"]) for (const one of this.#rooms.values()) one.hear(frame);
    if (!QUIET.has(frame.t)) tell(`live:${frame.t}`, frame);
  }

  #closed(socket: WebSocket, code: number): void {
    if (this.#socket === socket) this.#socket = undefined;
    this.#show("off");
    if (code === SIGNED_OUT || code === NOT_HERE) {
      tell("live:signed-out", { t: "signed-out" });
      return;
    }
    const pause = code === MISUSED ? LONG_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** this.#tries++);
    clearTimeout(this.#timer);
    // Never all at the same moment.
    this.#timer = setTimeout(() => this.#connect(), this.#asked || pause * (0.5 + Math.random() / 2));
  }

  #show(state: "on" | "off"): void {
    const root = document.documentElement;
    if (root.dataset["live"] === state) return;
    root.dataset["live"] = state;
    if (state === "off") tell("live:off", { t: state });
  }
}

function tell(name: string, detail: Frame): void {
  document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

declare global {
  // The scripts of a page are bundled apart, and still share one connection.
  var momentorLive: LiveConnection | undefined;
}

const connection = new LiveConnection();
globalThis.momentorLive = connection;

document.body.addEventListener("live:notice", (event) => {
  const { detail } = event as CustomEvent<Frame>;
  dispatchEvent(new CustomEvent("momentor:unread", { detail: detail["unread"] }));
});

const organisation = /^\/at\/[-a-z0-9_]+\//.exec(location.pathname)?.[0];
// Only who is signed in has a bell. htmx follows events from this moment on, after which the first `live:on` may come.
if (organisation && document.querySelector("notice-bell"))
  document.addEventListener("DOMContentLoaded", () => connection.start(`${organisation}live`));
