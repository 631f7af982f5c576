/**
 * Makes the room live. Without script it is a transcript, a form and links, and all of them still work.
 *
 * What is said is kept by the browser first and shown as waiting; it is safe when its own echo comes back. The words
 * for everything made here stand in the page's `template[data-parts]`, in the reader's language.
 */
import type { Frame, LiveConnection } from "../../web/elements/live";
import { Outbox, type Said, type Upload } from "./outbox";
import { Sender } from "./sender";
import type { TimeBox } from "./time-box";
import { type Message, Transcript } from "./transcript";
import { upload } from "./upload";

const TYPING_EVERY_MS = 2000;
const MARK_AFTER_MS = 300;
const REFRESH_AFTER_MS = 150;
const LIVE_STATES = new Set(["opening", "running"]);
// What these change is drawn by the server: the clock's buttons, whose move it is, the takeaway.
const CHANGES = new Set(["clock", "came", "extension_wanted", "takeaway"]);
const DRAWN = [".room-head [data-extension]", "[data-opening]", "[data-move]", "#side"];

class ChatRoom extends HTMLElement {
  #seq = 0;
  #read = 0;
  #typedAt = Number.NEGATIVE_INFINITY;
  #n = Date.now();
  #leave: (() => void) | undefined;
  #markTimer = 0;
  #refreshTimer = 0;
  #uploads = 0;
  #isLeaving = false;
  #about: { kind: "text" | "edit"; seq: number } | undefined;
  #transcript!: Transcript;
  #sender!: Sender;
  #room = "";
  #me = "";
  #quiet = "";

  async connectedCallback(): Promise<void> {
    const live = globalThis.momentorLive;
    const log = this.querySelector<HTMLElement>(".log");
    const parts = document.querySelector<HTMLTemplateElement>("template[data-parts]");
    // Far up in the past the page is for reading.
    if (!live || !log || !parts || new URLSearchParams(location.search).has("before")) return;
    this.#room = this.dataset["session"] ?? "";
    this.#me = this.dataset["me"] ?? "";
    this.#seq = Number(this.dataset["seq"] ?? 0);
    this.#quiet = this.#presence?.textContent ?? "";
    this.#transcript = new Transcript(log, parts.content, this.#me);
    const outbox = new Outbox();
    this.#sender = new Sender(outbox, live, (said) => this.#transcript.showWaiting(said));
    this.#listen();
    const kept = await outbox.of(this.#me, this.#room).catch(() => []);
    for (const said of kept) if (said.kind === "text" || said.kind === "file") this.#transcript.showWaiting(said);
    this.#sender.resume(kept);
    if (this.dataset["live"]) live.start(this.dataset["live"]);
    this.#leave = live.join(this.#room, () => this.#seq, this.#hear);
    this.dataset["ready"] = "";
  }

  disconnectedCallback(): void {
    this.#leave?.();
  }

  // What the page does

  #listen(): void {
    this.addEventListener("submit", this.#submitted);
    this.addEventListener("click", this.#clicked);
    this.addEventListener("time-box:last-minute", () => this.#refresh());
    document.addEventListener("visibilitychange", () => this.#mark());
    document.body.addEventListener("live:off", () => this.#banner("away"));
    document.body.addEventListener("live:signed-out", () => this.#banner("signed-out"));
    addEventListener("beforeunload", (event) => {
      if (this.#uploads) event.preventDefault();
      else this.#isLeaving = true;
    });
    const text = this.#text;
    if (!text) return;
    const draft = `draft ${this.#me} ${this.#room}`;
    text.value ||= sessionStorage.getItem(draft) ?? "";
    text.addEventListener("input", () => {
      sessionStorage.setItem(draft, text.value);
      this.#type();
    });
    text.addEventListener("keydown", this.#pressed);
    text.addEventListener("paste", (event) => this.#take(event, event.clipboardData?.files));
    this.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    this.addEventListener("drop", (event) => this.#take(event, event.dataTransfer?.files));
    this.#file?.addEventListener("change", (event) => this.#take(event, this.#file?.files));
  }

  #submitted = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    if (form.dataset["do"] === "delete") {
      event.preventDefault();
      this.#say({ kind: "deletion", body: "", about: Number(new FormData(form).get("about")) });
      form.closest("details")?.removeAttribute("open");
    } else if (form === this.#composer) {
      event.preventDefault();
      this.#send();
    }
  };

  #send(): void {
    const text = this.#text as HTMLTextAreaElement;
    const form = new FormData(this.#composer as HTMLFormElement);
    // A page that was loaded to edit or to reply says so in its form.
    const about = this.#about?.seq ?? (Number(form.get("about")) || undefined);
    const kind = this.#about?.kind ?? (form.get("kind") === "edit" ? "edit" : "text");
    if (!text.value.trim()) return;
    this.#say({ kind, body: text.value, about });
    text.value = "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
    this.#typedAt = Number.NEGATIVE_INFINITY;
    this.#stopAbout();
    text.focus();
  }

  #pressed = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#stopAbout({ clear: true });
    // On a phone's keyboard there is no Shift and Enter: there, Enter stays a new line.
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches;
    if (!sends) return;
    event.preventDefault();
    this.#composer?.requestSubmit();
  };

  #clicked = (event: Event): void => {
    const doing = (event.target as Element).closest<HTMLElement>("[data-do]");
    const article = doing?.closest<HTMLElement>(".message");
    const seq = Number(article?.dataset["seq"]);
    const cid = article?.dataset["cid"] ?? "";
    switch (doing?.dataset["do"]) {
      case "reply":
        this.#startAbout(event, "text", seq);
        break;
      case "edit":
        this.#startAbout(event, "edit", seq);
        break;
      case "delete":
        if (doing instanceof HTMLButtonElement) this.#say({ kind: "deletion", body: "", about: seq });
        break;
      case "again":
        void this.#sender.again(cid);
        article?.classList.replace("failed", "waiting");
        break;
      case "drop":
        void this.#sender.drop(cid);
        this.#transcript.forget(cid);
        break;
      case "stop":
        this.#stopAbout({ clear: true });
    }
  };

  #startAbout(event: Event, kind: "text" | "edit", seq: number): void {
    const text = this.#text;
    const body = kind === "edit" ? this.#transcript.bodyOf(seq) : "";
    if (!text || body === undefined) return; // the link asks the server, who knows what was typed
    event.preventDefault();
    this.#stopAbout();
    this.#about = { kind, seq };
    const line = this.#transcript.part(kind === "edit" ? "editing" : "replying");
    (line.querySelector("[data-words]") as HTMLElement).textContent = this.#transcript.quote(seq);
    this.#composer?.prepend(line);
    if (kind === "edit") text.value = body;
    text.focus();
    (event.target as Element).closest("details")?.removeAttribute("open");
  }

  #stopAbout({ clear = false } = {}): void {
    const wasEditing = this.#about?.kind === "edit";
    this.#about = undefined;
    for (const old of this.#composer?.querySelectorAll('.context, [name="kind"], [name="about"]') ?? []) old.remove();
    if (clear && wasEditing && this.#text) this.#text.value = "";
    if (location.search) history.replaceState(null, "", this.dataset["page"]);
  }

  #say(what: { kind: Said["kind"]; body: string; about?: number | undefined; upload?: Upload }): void {
    const said: Said = {
      ...what,
      cid: crypto.randomUUID(),
      person: this.#me,
      room: this.#room,
      url: this.dataset["messages"] ?? "",
      n: this.#n++,
    };
    if (said.kind === "text" || said.kind === "file") this.#transcript.showWaiting(said);
    void this.#sender.say(said);
  }

  #type(): void {
    const now = performance.now();
    if (!this.#text?.value || now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#live?.send({ t: "typing", room: this.#room });
  }

  #take(event: Event, files: FileList | null | undefined): void {
    if (!files?.length || !this.#composer) return;
    event.preventDefault();
    for (const file of files) void this.#give(file);
    if (this.#file) this.#file.value = "";
  }

  async #give(file: File): Promise<void> {
    const line = this.#transcript.part("uploading");
    const bar = line.querySelector("progress") as HTMLProgressElement;
    (line.querySelector("[data-name]") as HTMLElement).textContent = file.name;
    this.querySelector(".log")?.append(line);
    this.#transcript.scrollToEnd();
    this.#uploads++;
    try {
      if (file.size > Number(this.dataset["mostBytes"])) throw new Error(bar.dataset["tooLarge"]);
      const token = new FormData(this.#composer as HTMLFormElement).get("csrfmiddlewaretoken") as string;
      const given = await upload(this.dataset["files"] ?? "", file, token, (part) => (bar.value = part));
      line.remove();
      this.#say({ kind: "file", body: "", upload: given });
    } catch (error) {
      line.classList.add("failed");
      bar.replaceWith((error as Error).message || bar.dataset["failed"] || "");
      setTimeout(() => line.remove(), 15_000);
    } finally {
      this.#uploads--;
    }
  }

  // What the server says

  #hear = (frame: Frame): void => {
    switch (frame.t) {
      case "message":
        this.#message(frame as unknown as Message);
        break;
      case "stored":
        this.#sender.stored(String(frame["cid"]));
        break;
      case "refused":
        void this.#sender.no(frame);
        // A refusal to let us in: look at what the server shows now.
        if (!frame["cid"] && frame["code"] === "NotInRoom") location.reload();
        if (!frame["cid"] && frame["code"] === "TryAgain") setTimeout(() => this.#live?.catchUp(this.#room), 1000);
        break;
      case "live":
        this.#joined(frame);
        break;
      case "read":
        if (frame["by"] !== this.#me) this.#transcript.mark(Number(frame["seq"]), Number(frame["delivered"]));
        break;
      case "typing":
        if (frame["by"] !== this.#me) this.#transcript.type(this.dataset["otherName"] ?? "");
        break;
      case "presence":
        this.#show((frame["people"] as string[]).includes(this.dataset["other"] ?? "-"));
        break;
      case "session":
        this.#become(String(frame["state"]));
        break;
      default:
        if (frame.t === "clock") this.#clock?.set(String(frame["ends_at"]), Number(frame["minutes"]));
        if (CHANGES.has(frame.t)) this.#refresh();
    }
  };

  /** Shows the room as it is after its end, if it has come. */
  #become(state: string | undefined): void {
    const isOver = state && LIVE_STATES.has(this.dataset["state"] ?? "") && !LIVE_STATES.has(state);
    // Who ended it by blocking is on the way elsewhere, and a reload would bring them back.
    if (isOver && !this.#isLeaving) location.reload();
  }

  #message(message: Message): void {
    if (message.seq <= this.#seq) return; // was on its way while we asked to read on
    if (message.seq > this.#seq + 1) {
      this.#live?.catchUp(this.#room); // something is missing: read on from before it
      return;
    }
    this.#seq = message.seq;
    const mine = message.by === this.#me;
    if (mine) this.#sender.stored(message.cid);
    else this.#transcript.stopTyping();
    this.#transcript.show(message);
    this.#mark();
    if (this.dataset["medium"] === "async" && message.kind !== "edit") this.#refresh();
  }

  #joined(frame: Frame): void {
    this.#banner();
    const clock = this.#clock;
    if (clock && frame["now"]) clock.now = Number(frame["now"]);
    this.#sender.joined();
    this.#read = 0; // said again, in case it was lost
    this.#mark();
    this.#refresh(); // what moved before we were listening: both have come, more minutes, the end
  }

  /** Says how far this page has got: read when it can be seen, else delivered. */
  #mark(): void {
    clearTimeout(this.#markTimer);
    this.#markTimer = setTimeout(() => {
      const isSeen = document.visibilityState === "visible";
      if (isSeen && this.#seq <= this.#read) return;
      const sent = this.#live?.send({ t: isSeen ? "read" : "delivered", room: this.#room, seq: this.#seq });
      if (sent && isSeen) this.#read = this.#seq;
    }, MARK_AFTER_MS);
  }

  #show(isHere: boolean): void {
    const line = this.#presence;
    if (!line || !LIVE_STATES.has(this.dataset["state"] ?? "")) return;
    const away = this.dataset["medium"] === "async" ? this.#quiet : line.dataset["away"];
    line.textContent = (isHere ? line.dataset["here"] : away) ?? "";
    this.querySelector(".room-head .avatar")?.classList.toggle("here", isHere);
  }

  #banner(which = ""): void {
    this.querySelector("[data-connection]")?.remove();
    if (!which) return;
    const line = this.#transcript.part(which);
    line.dataset["connection"] = which;
    this.querySelector(".log")?.before(line);
  }

  /** Draws anew what the server draws, unless somebody is writing in it. */
  #refresh(): void {
    clearTimeout(this.#refreshTimer);
    this.#refreshTimer = setTimeout(async () => {
      const answer = await fetch(this.dataset["page"] ?? "").catch(() => undefined);
      if (!answer?.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.#become(page.querySelector<HTMLElement>("chat-room")?.dataset["state"]);
      for (const place of DRAWN) replace(document.querySelector(place), page.querySelector(place));
      const clock = page.querySelector<HTMLElement>("time-box");
      const of = this.querySelector("time-box .of");
      if (of && clock) of.textContent = clock.querySelector(".of")?.textContent ?? "";
      // Told before this page was listening: the time has begun, or is longer now.
      const { endsAt, minutes } = clock?.dataset ?? {};
      if (endsAt) this.#clock?.set(endsAt, Number(minutes));
      if (!document.querySelector("[data-extension]")) {
        const form = page.querySelector("[data-extension]");
        if (form) this.querySelector(".room-head ask-first")?.before(document.adoptNode(form));
      }
    }, REFRESH_AFTER_MS);
  }

  get #live(): LiveConnection | undefined {
    return globalThis.momentorLive;
  }

  get #composer(): HTMLFormElement | null {
    return this.querySelector(".composer");
  }

  get #text(): HTMLTextAreaElement | null {
    return this.querySelector(".composer textarea");
  }

  get #file(): HTMLInputElement | null {
    return this.querySelector('.composer input[type="file"]');
  }

  get #clock(): TimeBox | null {
    return this.querySelector("time-box");
  }

  get #presence(): HTMLElement | null {
    return this.querySelector("[data-presence]");
  }
}

function replace(old: Element | null, fresh: Element | null): void {
  if (!old || old.outerHTML === fresh?.outerHTML || old.contains(document.activeElement)) return;
  const written = [...old.querySelectorAll("textarea, input[type=text]")] as HTMLInputElement[];
  if (written.some((field) => field.value !== field.defaultValue)) return;
  if (fresh) old.replaceWith(document.adoptNode(fresh));
  else old.remove();
}

customElements.define("chat-room", ChatRoom);
