/**
 * A textarea that grows with its text and counts towards its limit when that comes near. With maxlength the browser
 * drops what is more; with data-limit the text stays, and the server says that it is too long.
 */

const COUNT_FROM = 0.8;
const growsByItself = CSS.supports("field-sizing", "content");

class GrowText extends HTMLElement {
  #output = document.createElement("output");

  connectedCallback(): void {
    const text = this.querySelector("textarea");
    if (!text) return;
    if (text.id) this.#output.htmlFor.add(text.id);
    this.addEventListener("input", () => this.#update(text));
    this.#update(text);
  }

  #update(text: HTMLTextAreaElement): void {
    if (!growsByItself) {
      text.style.height = "auto";
      text.style.height = `${text.scrollHeight + 2}px`;
    }
    const stays = Number(text.dataset.limit ?? 0);
    // Where the browser keeps the limit, a line break counts as the two characters that forms send.
    const length = stays ? [...text.value].length : text.value.replace(/\n/g, "\r\n").length;
    const limit = stays || text.maxLength;
    if (limit > 0 && length > limit * COUNT_FROM) {
      this.#output.textContent = `${length} / ${limit}`;
      this.#output.classList.toggle("over", length > limit);
      if (!this.#output.isConnected) text.after(this.#output);
    } else {
      this.#output.remove();
    }
  }
}

customElements.define("grow-text", GrowText);
