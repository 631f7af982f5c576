/**
 * Leaves people where they are when a part of the page draws itself anew: what has the focus, and what they opened. What
 * comes again as it was is not drawn at all, so that nobody clicks on what goes away under their finger.
 *
 * This runs before the page's own elements are defined, which change what the server wrote.
 */
const STOPS = "a[href], button, summary, input:not([type=hidden]), select, textarea";

interface Place {
  readonly focused: string | undefined;
  readonly opened: readonly string[];
}

interface Swap {
  readonly target: Element;
  readonly serverResponse: string;
  readonly requestConfig: { readonly verb: string };
  shouldSwap: boolean;
}

const TOKEN = /name="csrfmiddlewaretoken" value="[^"]*"/g; // another each time, and each as good
const shown = new WeakMap<Element, string>();
const places = new WeakMap<Element, Place>();

for (const part of document.querySelectorAll("[hx-get][hx-trigger]")) shown.set(part, asRead(part.innerHTML));

document.addEventListener("htmx:beforeSwap", (event) => {
  const swap = (event as CustomEvent<Swap>).detail;
  const { target } = swap;
  const coming = asRead(swap.serverResponse);
  if (swap.requestConfig.verb === "get" && shown.get(target) === coming) {
    swap.shouldSwap = false;
    return;
  }
  shown.set(target, coming);
  const stops = [...stopsOf(target)];
  places.set(target, {
    focused: stops.find(([, stop]) => stop === document.activeElement)?.[0],
    opened: stops.filter(([, stop]) => stop.parentElement?.matches("details[open]")).map(([name]) => name),
  });
});

document.addEventListener("htmx:afterSwap", (event) => {
  const { target } = (event as CustomEvent<Swap>).detail;
  const place = places.get(target);
  places.delete(target);
  if (!place) return;
  const stops = stopsOf(target);
  for (const name of place.opened) stops.get(name)?.parentElement?.setAttribute("open", "");
  if (place.focused && isLost()) stops.get(place.focused)?.focus({ preventScroll: true });
});

/** What the server wrote, as a browser spells it, without what differs each time. */
function asRead(html: string): string {
  const template = document.createElement("template"); // where nothing runs, loads or changes
  template.innerHTML = html;
  return template.innerHTML.replace(TOKEN, "").trim();
}

function isLost(): boolean {
  return !document.activeElement || document.activeElement === document.body;
}

/** The places in a part where one can be, by a name that they have again after it is drawn anew. */
function stopsOf(part: Element): Map<string, HTMLElement> {
  const found = new Map<string, HTMLElement>();
  for (const stop of part.querySelectorAll<HTMLElement>(STOPS)) {
    let name = nameOf(stop);
    while (found.has(name)) name += " again";
    found.set(name, stop);
  }
  return found;
}

function nameOf(stop: HTMLElement): string {
  if (stop.matches("a, summary")) return `${stop.getAttribute("href")} ${stop.textContent?.trim()}`;
  const { form, name, type, value } = stop as HTMLButtonElement;
  const which = ["submit", "button", "radio", "checkbox"].includes(type) ? value : ""; // of a text it may change
  return `${form?.getAttribute("action")} ${name} ${which}`;
}
