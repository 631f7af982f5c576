import { toast } from "./toast";

/** Copies the link inside it. With no script it stays a plain link, and still works. */
class CopyLink extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", this.#copy);
  }

  #copy = (event: MouseEvent): void => {
    const link = this.querySelector("a");
    // The clipboard exists only on secure addresses; elsewhere the link is followed.
    if (!link || !navigator.clipboard || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    navigator.clipboard.writeText(link.href).then(
      () => toast(this.getAttribute("done") ?? ""),
      () => location.assign(link.href),
    );
  };
}

customElements.define("copy-link", CopyLink);
