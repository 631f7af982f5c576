/** How the page's server writes dates: English as in Britain, 24 hours to the day, in the zone the reader chose. */
const { lang, dataset } = document.documentElement;

export const LOCALE = lang === "en" ? "en-GB" : lang;
/** The zone of who is signed in, where this browser knows it; else the browser's own. */
export const ZONE = known(dataset["zone"]);

function known(timeZone: string | undefined): string | undefined {
  try {
    return new Intl.DateTimeFormat(LOCALE, { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
