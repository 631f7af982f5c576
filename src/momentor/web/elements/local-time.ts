/** Shows a moment in the time zone of the one who reads, as the server does where script does not run. */

import { LOCALE, ZONE } from "./locale";

const FORMATS: Record<string, Intl.DateTimeFormatOptions> = {
  time: { hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "long" },
  weekday: { weekday: "long", hour: "2-digit", minute: "2-digit" },
  full: { weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" },
};
const DAY_ONLY = /^\d{4}-\d\d-\d\d$/;

class LocalTime extends HTMLElement {
  connectedCallback(): void {
    const time = this.querySelector("time");
    const at = new Date(time?.dateTime ?? "");
    if (!time || Number.isNaN(at.getTime())) return;
    const format = { ...FORMATS[this.getAttribute("format") ?? "full"], timeZone: ZONE };
    // A date without a clock time is the same day everywhere.
    if (DAY_ONLY.test(time.dateTime)) format.timeZone = "UTC";
    time.textContent = at.toLocaleString(LOCALE, format);
  }
}

customElements.define("local-time", LocalTime);
