/** A notice that one can close; with a `key` it stays closed on this device. */
class DismissNotice extends HTMLElement {
  connectedCallback(): void {
    if (this.#remembered) return this.remove();
    const button = this.querySelector<HTMLButtonElement>("button.close");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      if (this.#key) localStorage.setItem(this.#key, "closed");
      this.remove();
    });
  }

  get #key(): string | null {
    const key = this.getAttribute("key");
    return key && `notice:${key}`;
  }

  get #remembered(): boolean {
    return this.#key !== null && localStorage.getItem(this.#key) !== null;
  }
}

customElements.define("dismiss-notice", DismissNotice);
