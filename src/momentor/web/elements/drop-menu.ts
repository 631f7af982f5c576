/** A `<details>` that behaves like a menu: Escape, a click elsewhere and leaving close it. */
class DropMenu extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("keydown", this.#steer);
    this.addEventListener("focusout", this.#left);
    this.#details?.addEventListener("toggle", this.#toggled);
  }

  disconnectedCallback(): void {
    document.removeEventListener("pointerdown", this.#elsewhere);
  }

  get #details(): HTMLDetailsElement | null {
    return this.querySelector("details");
  }

  #close(): void {
    this.#details?.removeAttribute("open");
  }

  #toggled = (): void => {
    const change = this.#details?.open ? "addEventListener" : "removeEventListener";
    document[change]("pointerdown", this.#elsewhere);
  };

  #elsewhere = (event: Event): void => {
    if (!this.contains(event.target as Node)) this.#close();
  };

  #left = (event: FocusEvent): void => {
    const next = event.relatedTarget as Node | null;
    if (next && !this.contains(next)) this.#close();
  };

  #steer = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      this.#close();
      this.querySelector("summary")?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#step(event, event.key === "ArrowDown" ? 1 : -1);
    }
  };

  #step(event: KeyboardEvent, by: number): void {
    const stops = [...this.querySelectorAll<HTMLElement>("summary, li a, li button, .panel button")];
    const next = stops[stops.indexOf(document.activeElement as HTMLElement) + by];
    if (!this.#details?.open || !next) return;
    event.preventDefault();
    next.focus();
  }
}

customElements.define("drop-menu", DropMenu);
