import { serviceWorker } from "../../../web/elements/service-worker";

/** Switches notifications on this device on and off. Without script the section says that it needs some. */
class PushSwitch extends HTMLElement {
  connectedCallback(): void {
    this.#button("on").addEventListener("click", () => void this.#try(this.#switchOn));
    this.#button("off").addEventListener("click", () => void this.#try(this.#switchOff));
    void this.#try(this.#look);
  }

  #button(which: "on" | "off"): HTMLButtonElement {
    return this.querySelector(`[data-switch-${which}]`) as HTMLButtonElement;
  }

  async #try(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch {
      this.#say("failed", { on: true });
    }
  }

  #look = async (): Promise<void> => {
    if (!("PushManager" in window && "serviceWorker" in navigator)) return this.#say("unable", {});
    if (Notification.permission === "denied") return this.#say("denied", {});
    const subscription = await (await serviceWorker())?.pushManager.getSubscription();
    if (!subscription || !localStorage.getItem(this.#key)) return this.#say("off", { on: true });
    // Said again at every visit, in case the browser changed its address or we lost it.
    await this.#send(this.dataset.subscription as string, subscription.toJSON());
    this.#say("on", { off: true });
  };

  #switchOn = async (): Promise<void> => {
    if ((await Notification.requestPermission()) !== "granted") return this.#say("denied", {});
    const registration = await serviceWorker();
    if (!registration) return this.#say("unable", {});
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(this.dataset.key as string),
    });
    await this.#send(this.dataset.subscription as string, subscription.toJSON());
    localStorage.setItem(this.#key, "on");
    this.#say("on", { off: true });
  };

  #switchOff = async (): Promise<void> => {
    const subscription = await (await serviceWorker())?.pushManager.getSubscription();
    // The browser's subscription stays: another organisation on this site may use it, too.
    if (subscription) await this.#send(this.dataset.removal as string, { endpoint: subscription.endpoint });
    localStorage.removeItem(this.#key);
    this.#say("off", { on: true });
  };

  get #key(): string {
    return `push ${this.dataset.subscription}`;
  }

  async #send(url: string, what: object): Promise<void> {
    const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
    const headers = { ...token, "Content-Type": "application/json", Accept: "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(what) });
    if (!response.ok) throw new Error(`${response.status}`);
  }

  #say(state: string, buttons: { on?: boolean; off?: boolean }): void {
    const status = this.querySelector<HTMLElement>("[data-state]");
    if (status) status.textContent = this.dataset[state] ?? "";
    this.#button("on").hidden = !buttons.on;
    this.#button("off").hidden = !buttons.off;
  }
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

customElements.define("push-switch", PushSwitch);
