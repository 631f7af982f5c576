/**
 * The agreed minutes, counted the same for both: by the server's clock, however wrong this machine's is.
 *
 * Says aloud when five minutes and when one are left, and tells the page with `time-box:last-minute` and
 * `time-box:over`.
 */
const MINUTE_MS = 60_000;

export class TimeBox extends HTMLElement {
  #ahead = 0; // by how much the server's clock is ahead of ours
  #timer = 0;
  #said = new Set<string>();
  #status = Object.assign(document.createElement("span"), { className: "visually-hidden", role: "status" });

  connectedCallback(): void {
    const now = Date.parse(this.dataset["now"] ?? "");
    if (now) this.#ahead = now - (performance.timeOrigin + responseAt());
    this.append(this.#status);
    // What is long past need not be said again to who reloads.
    if (this.#left <= 5 * MINUTE_MS) this.#said.add("five");
    if (this.#left <= MINUTE_MS) this.#said.add("lastMinute");
    this.#tick();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  /** Follows the server's clock. */
  set now(server: number) {
    this.#ahead = server - Date.now();
  }

  /** Counts towards a new end, after an extension or when both have come. */
  set(endsAt: string, minutes: number): void {
    this.dataset["endsAt"] = endsAt;
    this.dataset["minutes"] = String(minutes);
    if (this.#left > 5 * MINUTE_MS) this.#said.clear();
    else if (this.#left > MINUTE_MS) this.#said = new Set(["five"]);
    clearTimeout(this.#timer);
    this.#tick();
  }

  get #left(): number {
    const endsAt = Date.parse(this.dataset["endsAt"] ?? "");
    const left = endsAt - Date.now() - this.#ahead;
    return Number.isNaN(endsAt) ? Number.POSITIVE_INFINITY : Math.max(0, left);
  }

  #tick(): void {
    const left = this.#left;
    if (left === Number.POSITIVE_INFINITY) return;
    this.#show(left);
    if (left <= 5 * MINUTE_MS && left > MINUTE_MS) this.#say("five");
    if (left <= MINUTE_MS && left > 0) this.#say("lastMinute", "time-box:last-minute");
    if (left === 0) this.#say("over", "time-box:over");
    // On the second, so that both clocks show the same.
    else this.#timer = setTimeout(() => this.#tick(), (left % 1000) + 5);
  }

  #show(left: number): void {
    const clock = this.querySelector<HTMLElement>(".clock");
    const words = this.querySelector(".left");
    const seconds = Math.ceil(left / 1000);
    if (!clock || !words) return;
    words.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    clock.classList.toggle("ending", left <= MINUTE_MS);
    const part = left / (Number(this.dataset["minutes"]) * MINUTE_MS);
    clock.style.setProperty("--part", String(Math.min(1, part)));
  }

  #say(what: "five" | "lastMinute" | "over", event = ""): void {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    this.#status.textContent = this.dataset[what] ?? "";
    if (event) this.dispatchEvent(new CustomEvent(event, { bubbles: true }));
  }
}

/** When the page's first byte came: the moment that the server's time in it was true. */
function responseAt(): number {
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return page?.responseStart ?? performance.now();
}

customElements.define("time-box", TimeBox);
