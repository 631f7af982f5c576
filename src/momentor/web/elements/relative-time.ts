/** "3 minutes ago" that stays right while the page is open. */

import { LOCALE } from "./locale";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const EVERY_MS = 20_000;

/** Words for a moment so many seconds from now, in a language; under a minute is "now". */
export function inWords(seconds: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, "second");
}

const shown = new Set<RelativeTime>();

class RelativeTime extends HTMLElement {
  connectedCallback(): void {
    shown.add(this);
    this.show();
  }

  disconnectedCallback(): void {
    shown.delete(this);
  }

  show(): void {
    const time = this.querySelector("time");
    const at = Date.parse(time?.dateTime ?? "");
    if (!time || Number.isNaN(at)) return;
    time.textContent = inWords((at - Date.now()) / 1000, LOCALE);
    time.title = new Date(at).toLocaleString(LOCALE);
  }
}

customElements.define("relative-time", RelativeTime);
setInterval(() => shown.forEach((element) => element.show()), EVERY_MS);
