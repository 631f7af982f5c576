/**
 * Makes the coach's offers quick: a beginning of a sentence goes below the person's own words, a topic into its field,
 * and a proposal into the fields that nobody has touched. Without script the same buttons send the form.
 */
class QuestionCoach extends HTMLElement {
  #touched = new Set<string>();

  connectedCallback(): void {
    this.addEventListener("click", this.#take);
    this.addEventListener("change", this.#note);
    this.addEventListener("htmx:afterSwap", () => this.#propose());
    for (const field of this.#form.querySelectorAll<HTMLInputElement>("input[type=radio]:checked")) {
      this.#touched.add(field.name);
    }
    this.#propose();
  }

  get #form(): HTMLFormElement {
    return this.querySelector("form") as HTMLFormElement;
  }

  #field<Field extends Element>(name: string): Field {
    return this.#form.elements.namedItem(name) as unknown as Field;
  }

  #note = (event: Event): void => {
    if (event.isTrusted) this.#touched.add((event.target as HTMLInputElement).name);
  };

  #take = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[name]");
    if (button?.dataset.starter !== undefined) this.#addStarter(button.dataset.starter);
    else if (button?.name === "topic") this.#addTopic(button);
    else return;
    event.preventDefault();
  };

  #addStarter(starter: string): void {
    const text = this.#field<HTMLTextAreaElement>("text");
    const own = text.value.trimEnd();
    text.value = own ? `${own}\n\n${starter}` : starter;
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
    text.scrollTop = text.scrollHeight;
    text.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  #addTopic(button: HTMLButtonElement): void {
    const topics = this.#field<HTMLInputElement>("topics");
    const own = topics.value.split(",").map((topic) => topic.trim()).filter(Boolean);
    topics.value = [...own, button.value].join(", ");
    topics.focus();
    button.remove();
  }

  #propose(): void {
    const proposal = this.querySelector<HTMLElement>(".proposal");
    if (proposal?.dataset.minutes) this.#choose("time_box", proposal.dataset.minutes);
    if (proposal?.dataset.medium) this.#choose("medium", proposal.dataset.medium);
  }

  #choose(name: string, value: string): void {
    if (this.#touched.has(name)) return;
    const radio = this.#form.querySelector<HTMLInputElement>(`input[name="${name}"][value="${value}"]`);
    if (radio) radio.checked = true;
  }
}

customElements.define("question-coach", QuestionCoach);
