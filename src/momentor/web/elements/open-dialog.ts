/** Opens the dialog named by `for`. With no script the link inside leads to the same form on its own page. */
class OpenDialog extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", this.#open);
  }

  #open = (event: Event): void => {
    const dialog = document.getElementById(this.getAttribute("for") ?? "");
    if (!(dialog instanceof HTMLDialogElement) || !(event.target as Element).closest("a, button")) return;
    event.preventDefault();
    dialog.showModal();
  };
}

customElements.define("open-dialog", OpenDialog);
