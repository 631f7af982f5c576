/** Marks the button of a form on its way, and keeps the form from being sent twice. */

const sending = new WeakSet<HTMLFormElement>();

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const button = event.submitter;
  // A dialog's own buttons send nothing; htmx keeps its own count.
  const method = button?.getAttribute("formmethod") ?? form.getAttribute("method");
  if (event.defaultPrevented || method === "dialog" || form.target || form.closest("[hx-post], [hx-get]")) return;
  if (sending.has(form)) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") sending.add(form);
  button?.setAttribute("aria-busy", "true");
});

// Coming back with the browser's back button shows the page as it was left: free it again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) sending.delete(form);
  for (const button of document.querySelectorAll("form [aria-busy]")) button.removeAttribute("aria-busy");
});
