/** Tells every bell on the page how many notices are unread. */
export function setUnread(count: number): void {
  dispatchEvent(new CustomEvent<number>("momentor:unread", { detail: count }));
}

/** The bell in the header: its number follows, and a rise is said aloud once. */
class NoticeBell extends HTMLElement {
  connectedCallback(): void {
    addEventListener("momentor:unread", this.#show);
  }

  disconnectedCallback(): void {
    removeEventListener("momentor:unread", this.#show);
  }

  #show = (event: Event): void => {
    const unread = (event as CustomEvent<number>).detail;
    const number = this.querySelector<HTMLElement>("[data-unread]");
    const status = this.querySelector<HTMLElement>("[data-say]");
    if (!number) return;
    const before = Number(number.textContent);
    number.textContent = String(unread);
    const badge = number.closest<HTMLElement>(".count");
    if (badge) badge.hidden = unread === 0;
    if (status && unread > before) status.textContent = `${status.dataset.say} ${unread}`;
  };
}

customElements.define("notice-bell", NoticeBell);
