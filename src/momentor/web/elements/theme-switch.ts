/** Changes the colours at once and remembers the choice in the cookie that the server reads. */

const ONE_YEAR_S = 31_536_000;

class ThemeSwitch extends HTMLElement {
  connectedCallback(): void {
    this.hidden = false;
    this.addEventListener("click", this.#choose);
  }

  #choose = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[name=theme]");
    if (!button) return;
    event.preventDefault();
    const { value } = button;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${value}; path=/; max-age=${value ? ONE_YEAR_S : 0}; samesite=lax${secure}`;
    if (value) document.documentElement.dataset.theme = value;
    else delete document.documentElement.dataset.theme;
    for (const other of this.querySelectorAll("button")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  };
}

customElements.define("theme-switch", ThemeSwitch);
