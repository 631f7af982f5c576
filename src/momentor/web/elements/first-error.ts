/** Brings people who sent a form with mistakes to the list of them. */

const show = (root: ParentNode): void => root.querySelector<HTMLElement>("[data-focus]")?.focus();

document.addEventListener("DOMContentLoaded", () => show(document));
document.addEventListener("htmx:afterSettle", (event) => show(event.target as HTMLElement));
