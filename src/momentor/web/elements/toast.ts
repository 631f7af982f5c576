/** A short message at the bottom of the page, read out by screen readers. */

const SHOWN_FOR_MS = 6000;

interface ToastOptions {
  kind?: "error";
}

const region = (): HTMLElement | null => document.getElementById("toasts");

/** One of the sentences that the base page carries in the reader's language. */
export function words(name: "failed" | "offline" | "close"): string {
  return region()?.dataset[name] ?? "";
}

export function toast(message: string, { kind }: ToastOptions = {}): void {
  const box = document.createElement("div");
  box.className = kind ? `toast ${kind}` : "toast";
  const text = document.createElement("p");
  text.textContent = message;
  box.append(text);
  region()?.append(box);
  // A mistake stays until it has been read; a confirmation may go by itself.
  if (kind === "error") box.append(closeButton(box));
  else setTimeout(() => box.remove(), SHOWN_FOR_MS);
}

function closeButton(box: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "close";
  button.textContent = "×";
  button.setAttribute("aria-label", words("close"));
  button.addEventListener("click", () => box.remove());
  return button;
}
