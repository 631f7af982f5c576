/** Chooses the zone that the device is in, while the field still says UTC. With no script people choose it themselves. */
class OwnZone extends HTMLElement {
  connectedCallback(): void {
    const field = this.querySelector("select");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (field?.value !== "UTC" || !zone) return;
    const found = [...field.options].find((option) => option.value === zone);
    if (found) found.selected = true;
  }
}

customElements.define("own-zone", OwnZone);
