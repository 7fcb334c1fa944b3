// While the object is typed: the five likeliest categories as radio buttons. What was chosen stays.

import { Lookup } from "./lookup.js";
import { counted, speak } from "./speak.js";

const MIN_LETTERS = 3;
const MAX_ITEMS = 5;

class Suggestions {
  constructor(box) {
    this.box = box;
    this.list = box.querySelector("ol");
    this.source = document.querySelector(box.dataset.from);
    this.lookup = new Lookup(box.dataset);
    this.items = new Map();
    this.chosen = null;
    this.source?.addEventListener("input", () => this.#typed());
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("change", (event) => this.#changed(event.target));
    if (this.source?.value && !this.list.children.length) this.#typed();
  }

  #typed() {
    const text = this.source.value.trim();
    if (text.length < MIN_LETTERS) return;
    this.lookup.ask(text, (items) => this.#show(items.slice(0, MAX_ITEMS)));
  }

  #show(items) {
    if (this.list.contains(document.activeElement)) return; // nothing moves under the fingers
    const chosen = this.box.querySelector("input:checked");
    const kept = chosen && !items.some((item) => String(item.value) === chosen.value) ? chosen.closest("li") : null;
    items.forEach((item) => this.items.set(String(item.value), item));
    const rows = items.slice(0, kept ? MAX_ITEMS - 1 : MAX_ITEMS).map((item) => this.#row(item, chosen?.value));
    this.list.replaceChildren(...(kept ? [kept] : []), ...rows);
    [...this.list.querySelectorAll("kbd")].forEach((key, index) => { key.textContent = String(index + 1); });
    const empty = this.box.querySelector("[data-empty]");
    if (empty) empty.hidden = this.list.children.length > 0;
    speak(counted(this.box.dataset, items.length));
  }

  #row(item, chosen) {
    const row = document.createElement("li");
    const label = document.createElement("label");
    const radio = Object.assign(document.createElement("input"), {
      type: "radio", name: this.box.dataset.name || "category", value: item.value, className: "visually-hidden",
    });
    radio.checked = String(item.value) === chosen;
    label.append(radio, document.createElement("kbd"), Object.assign(document.createElement("span"), { textContent: item.label }));
    if (item.detail) label.append(Object.assign(document.createElement("span"), { className: "muted", textContent: item.detail }));
    row.append(label);
    return row;
  }

  /** Enter takes the category and goes on to the next question, instead of sending the form. */
  #enter(event) {
    event.preventDefault();
    if (!event.target.checked) event.target.click();
    const controls = [...event.target.form.elements].filter((control) => control.matches("input, select, textarea, button") && control.type !== "hidden");
    const after = controls.slice(controls.indexOf(event.target)).find((control) => !this.box.contains(control) && (control.checkVisibility?.() ?? true));
    after?.focus();
  }

  /** Digits by their place on the keyboard: the unshifted row of an AZERTY gives & é " ' ( */
  #key(event) {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && event.target.matches("input[type=radio]");
    if (plain && event.key === "Enter") return void this.#enter(event);
    const digit = /^(?:Digit|Numpad)([1-5])$/.exec(event.code);
    if (!digit || !plain) return;
    const radio = this.list.querySelectorAll("input")[Number(digit[1]) - 1];
    if (!radio) return;
    event.preventDefault();
    radio.focus();
    if (!radio.checked) radio.click();
  }

  #changed(radio) {
    if (!radio.matches("input[type=radio]")) return;
    const detail = this.items.get(radio.value) ?? { value: radio.value };
    this.box.dispatchEvent(new CustomEvent("category:chosen", { bubbles: true, detail }));
  }
}

export function suggestions(root) {
  for (const box of root.querySelectorAll("[data-suggestions]:not([data-ready])")) {
    box.dataset.ready = "";
    new Suggestions(box);
  }
}
