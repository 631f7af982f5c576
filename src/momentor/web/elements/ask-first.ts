/** Asks before the form inside is sent; `mild` where nothing is lost by it. With no script it is sent as it is. */
class AskFirst extends HTMLElement {
  #agreed = false;

  connectedCallback(): void {
    this.addEventListener("submit", this.#ask, { capture: true });
  }

  #ask = (event: SubmitEvent): void => {
    if (this.#agreed) {
      this.#agreed = false;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const form = event.target as HTMLFormElement;
    const dialog = this.#dialog();
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.returnValue !== "yes") {
        // The menu that it was asked from has closed, and what had the focus is hidden with it.
        if (document.activeElement === document.body) form.closest("details")?.querySelector("summary")?.focus();
        return;
      }
      this.#agreed = true;
      form.requestSubmit(event.submitter);
    });
    dialog.showModal();
  };

  #dialog(): HTMLDialogElement {
    const dialog = document.createElement("dialog");
    const form = document.createElement("form");
    form.method = "dialog";
    form.className = "stack";
    const question = document.createElement("h2");
    question.id = "ask-first-question";
    question.textContent = this.getAttribute("question");
    const detail = document.createElement("p");
    detail.textContent = this.getAttribute("detail");
    const actions = document.createElement("div");
    actions.className = "actions";
    const yes = this.hasAttribute("mild") ? "button primary" : "button danger primary";
    actions.append(this.#button("no", "button"), this.#button("yes", yes));
    form.append(question, detail, actions);
    dialog.setAttribute("aria-labelledby", question.id);
    dialog.append(form);
    return dialog;
  }

  #button(answer: "yes" | "no", className: string): HTMLButtonElement {
    const button = document.createElement("button");
    button.className = className;
    button.value = answer;
    button.textContent = this.getAttribute(answer);
    return button;
  }
}

customElements.define("ask-first", AskFirst);
