/** The messages of a room as elements: those the server sent with the page, and those that came since. */
import type { Said, Upload } from "./outbox";
import { said } from "./words";

export interface Message {
  readonly seq: number;
  readonly id: string;
  readonly by: string | null;
  readonly cid: string;
  readonly kind: "text" | "file" | "note" | "edit" | "deletion";
  readonly body: string;
  readonly about: number | null;
  readonly upload: Upload | null;
  readonly at: string;
  readonly edited: boolean;
  readonly deleted: boolean;
}

const CLOSE_TOGETHER_MS = 5 * 60_000;
const NEAR_THE_END_PX = 120;

export class Transcript {
  readonly #log: HTMLElement;
  readonly #parts: DocumentFragment;
  readonly #me: string;
  readonly #bodies = new Map<number, string>();
  #typing = 0;

  constructor(log: HTMLElement, parts: DocumentFragment, me: string) {
    this.#log = log;
    this.#parts = parts;
    this.#me = me;
    this.scrollToEnd();
  }

  /** The text of a message as it was typed, if it came while the page was open. */
  bodyOf(seq: number): string | undefined {
    return this.#bodies.get(seq);
  }

  /** Shows a message, or what it changes about an earlier one. */
  show(message: Message): void {
    const follow = this.#isAtEnd;
    if (message.kind === "edit" || message.kind === "deletion") this.#change(message);
    else if (!this.#find(message.seq)) this.#add(message);
    if (follow || message.by === this.#me) this.scrollToEnd();
  }

  /** Shows what is not sent yet, at the end. */
  showWaiting(waiting: Said): void {
    const known = this.#waiting(waiting.cid);
    const article = known ?? this.#article(this.#me);
    article.dataset["cid"] = waiting.cid;
    article.classList.toggle("waiting", !waiting.refused);
    article.classList.toggle("failed", Boolean(waiting.refused));
    if (!known) {
      this.#fill(article, { ...waiting, about: waiting.about ?? null, upload: waiting.upload ?? null });
      this.#log.append(article);
    }
    const footer = article.querySelector("footer") as HTMLElement;
    footer.replaceChildren(this.part(waiting.refused ? "failed" : "waiting"));
    const why = footer.querySelector("[data-why]");
    if (why && waiting.refused) why.textContent = waiting.refused;
    this.scrollToEnd();
  }

  forget(cid: string): void {
    this.#waiting(cid)?.remove();
  }

  /** Says of one's own messages how far the other has got. */
  mark(read: number, delivered: number): void {
    for (const article of this.#log.querySelectorAll<HTMLElement>(".message.mine[data-seq]")) {
      const seq = Number(article.dataset["seq"]);
      const footer = article.querySelector("footer") as HTMLElement;
      const was = footer.querySelector(".seen, .delivered");
      if (seq <= read && !was?.matches(".seen")) {
        was?.remove();
        footer.append(this.part("seen"));
      } else if (seq <= delivered && !was) footer.append(this.part("delivered"));
    }
  }

  /** Shows for a moment that the other writes. */
  type(name: string): void {
    this.stopTyping();
    const line = this.part("typing");
    (line.querySelector("[data-name]") as HTMLElement).textContent = name;
    const follow = this.#isAtEnd;
    this.#log.append(line);
    if (follow) this.scrollToEnd();
    this.#typing = setTimeout(() => this.stopTyping(), 3000);
  }

  stopTyping(): void {
    clearTimeout(this.#typing);
    this.#log.querySelector(".typing")?.remove();
  }

  scrollToEnd(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  part(name: string): HTMLElement {
    return this.#parts.querySelector(`[data-part="${name}"]`)?.cloneNode(true) as HTMLElement;
  }

  get #isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    return scrollHeight - scrollTop - clientHeight < NEAR_THE_END_PX;
  }

  #find(seq: number): HTMLElement | null {
    return this.#log.querySelector(`[data-seq="${seq}"]`);
  }

  #waiting(cid: string): HTMLElement | null {
    return this.#log.querySelector(`[data-cid="${CSS.escape(cid)}"]`);
  }

  #add(message: Message): void {
    const mine = message.by === this.#me;
    if (mine) this.forget(message.cid);
    const after = this.#placeFor(message.seq);
    const before = (after ? after.previousElementSibling : this.#log.lastElementChild) as HTMLElement | null;
    const line = message.kind === "note" ? this.#note(message) : this.#message(message, before);
    line.dataset["seq"] = String(message.seq);
    line.dataset["at"] = message.at;
    if (isNewDay(before, message.at)) this.#log.insertBefore(this.#day(message.at), after);
    this.#log.insertBefore(line, after);
    document.getElementById("nothing-said")?.remove();
  }

  /** What stands behind a message with this number: what is not sent yet comes last. */
  #placeFor(seq: number): Element | null {
    const later = [...this.#log.children].reverse();
    let place: Element | null = null;
    for (const line of later) {
      const { seq: its, cid } = (line as HTMLElement).dataset;
      if ((its && Number(its) > seq) || (cid && !its) || line.matches(".typing")) place = line;
      else if (its) break;
    }
    return place;
  }

  #message(message: Message, before: HTMLElement | null): HTMLElement {
    const article = this.#article(message.by);
    article.id = `m${message.seq}`;
    article.dataset["by"] = message.by ?? "";
    if (follows(before, message)) {
      article.classList.add("follows");
      article.querySelector(":scope > .avatar")?.remove();
    }
    const time = article.querySelector("time");
    if (time) time.dateTime = message.at;
    for (const link of article.querySelectorAll<HTMLAnchorElement>("a[data-do]")) {
      link.href = `?${link.dataset["do"]}=${message.seq}#say`;
    }
    const report = article.querySelector<HTMLAnchorElement>("a[data-report]");
    if (report) report.href = report.href.replace("MESSAGE", message.id);
    this.#fill(article, message);
    if (message.edited && !message.deleted) this.#edited(article);
    return article;
  }

  #article(by: string | null): HTMLElement {
    return this.part(by === this.#me ? "mine" : "theirs");
  }

  #fill(article: HTMLElement, { kind, body, about, upload, deleted, seq }: Partial<Message>): void {
    const bubble = article.querySelector(".bubble") as HTMLElement;
    const words = Object.assign(document.createElement("div"), { className: "said", dir: "auto" });
    if (deleted) {
      bubble.replaceChildren(this.part("taken-back"));
      article.querySelector(".doings")?.remove();
      return;
    }
    words.append(...said(body ?? ""));
    if (kind === "file" && upload) bubble.replaceChildren(this.#file(upload), ...(body ? [words] : []));
    else bubble.replaceChildren(words);
    if (kind === "file") article.querySelector('[data-do="edit"]')?.closest("li")?.remove();
    else if (seq) this.#bodies.set(seq, body ?? "");
    if (about) bubble.prepend(this.#reply(about));
  }

  #reply(about: number): HTMLElement {
    const quote = this.part("reply");
    const link = quote.querySelector("a") as HTMLAnchorElement;
    link.href = `#m${about}`;
    (quote.querySelector("[data-words]") as HTMLElement).textContent = this.quote(about);
    return quote;
  }

  /** The first words of a message, and whose they are. */
  quote(seq: number): string {
    const article = this.#find(seq);
    const who = article?.querySelector("footer .visually-hidden")?.textContent?.trim().replace(/[,،、]$/u, "") ?? "";
    const file = article?.querySelector(".attachment b")?.textContent ?? article?.querySelector("img")?.alt;
    const words = file ?? article?.querySelector(".said, .muted")?.textContent ?? "…";
    const short = words.trim().replace(/\s+/g, " ");
    return `${who}: ${short.length > 90 ? `${short.slice(0, 89)}…` : short}`;
  }

  #file(upload: Upload): HTMLElement {
    const link = this.part(upload.width ? "picture" : "attachment") as HTMLAnchorElement;
    link.href = link.href.replace("00000000-0000-0000-0000-000000000000", upload.id);
    const picture = link.querySelector("img");
    if (picture) {
      Object.assign(picture, { src: link.href, width: upload.width, height: upload.height });
      picture.alt = picture.alt.replace("NAME", upload.name);
      picture.addEventListener("load", () => this.#isAtEnd && this.scrollToEnd(), { once: true });
    } else {
      (link.querySelector("b") as HTMLElement).textContent = upload.name;
      (link.querySelector("small") as HTMLElement).textContent = kindAndSize(upload);
    }
    return link;
  }

  #change(change: Message): void {
    const article = this.#find(change.about ?? 0);
    if (!article) return; // far up, not on this page
    const isMine = article.matches(".mine");
    if (isMine !== (change.by === this.#me)) return;
    const quote = article.querySelector(".bubble > .reply");
    const deleted = change.kind === "deletion";
    this.#fill(article, { kind: "text", body: change.body, deleted, seq: change.about as number });
    if (deleted) article.querySelector(".edited")?.remove();
    else {
      if (quote) article.querySelector(".bubble")?.prepend(quote);
      this.#edited(article);
    }
  }

  #edited(article: HTMLElement): void {
    if (!article.querySelector(".edited")) article.querySelector("footer")?.append(this.part("edited"));
  }

  #note(message: Message): HTMLElement {
    const line = this.part("note");
    line.append(message.body);
    return line;
  }

  #day(at: string): HTMLElement {
    const line = this.part("day");
    (line.querySelector("time") as HTMLTimeElement).dateTime = at;
    return line;
  }
}

/** When a line was said. */
function timeOf(line: HTMLElement | null): string | undefined {
  return line?.dataset["at"] ?? line?.querySelector("time")?.dateTime;
}

function isNewDay(before: HTMLElement | null, at: string): boolean {
  const earlier = timeOf(before);
  if (before?.matches(".day")) return false;
  return !earlier || new Date(earlier).toDateString() !== new Date(at).toDateString();
}

function follows(before: HTMLElement | null, message: Message): boolean {
  const earlier = timeOf(before);
  if (!earlier || !before?.matches(".message") || before.dataset["by"] !== message.by) return false;
  return Date.parse(message.at) - Date.parse(earlier) < CLOSE_TOGETHER_MS && !isNewDay(before, message.at);
}

function kindAndSize({ name, type, size }: Upload): string {
  const language = document.documentElement.lang;
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? type.split("/").at(-1) ?? "";
  const unit = size < 1e6 ? "kilobyte" : "megabyte";
  const amount = Math.max(1, Math.round(size / (size < 1e6 ? 1e3 : 1e6)));
  return `${extension.toUpperCase()}, ${amount.toLocaleString(language, { style: "unit", unit })}`;
}
