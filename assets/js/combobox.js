// Accessible combobox (WAI-ARIA APG, list autocomplete). Without this script it stays a text input.

import { Lookup } from "./lookup.js";
import { counted, speak } from "./speak.js";

let number = 0;

class Combobox {
  constructor(input) {
    this.input = input;
    this.home = input.closest(".combobox") ?? input.parentElement;
    this.lookup = new Lookup(input.dataset);
    this.items = [];
    this.current = -1;
    this.list = this.#makeList();
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.autocomplete = "off";
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.close());
  }

  #makeList() {
    const list = document.createElement("ul");
    list.id = `combobox-list-${++number}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.input.labels?.[0]?.textContent.trim() ?? "");
    list.hidden = true;
    // mousedown, not click: the input must not lose the focus first
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
    this.home.append(list);
    return list;
  }

  #typed() {
    this.#fill(null);
    const text = this.input.value.trim();
    if (text.length < Number(this.input.dataset.min || 2)) {
      this.lookup.cancel();
      this.close();
      return;
    }
    this.lookup.ask(text, (items) => document.activeElement === this.input && this.#show(items));
  }

  #show(items) {
    this.items = items;
    this.list.replaceChildren(...items.map((item, index) => this.#option(item, index)));
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.#point(-1);
    speak(counted(this.input.dataset, items.length));
  }

  #option(item, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.dataset.index = String(index);
    option.setAttribute("role", "option");
    option.append(Object.assign(document.createElement("span"), { textContent: item.label }));
    if (item.detail) option.append(Object.assign(document.createElement("span"), { className: "muted", textContent: item.detail }));
    return option;
  }

  #point(index) {
    this.current = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.list.children[index];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const open = !this.list.hidden;
    const last = this.items.length - 1;
    if (event.key === "ArrowDown" && !open && this.input.value) this.#typed();
    // a hurried Enter, before the list came, must not send the whole form
    else if (!open && (event.key !== "Enter" || this.home.classList.contains("is-chosen"))) return;
    else if (!open) event.preventDefault();
    else if (event.key === "ArrowDown") this.#point(this.current >= last ? 0 : this.current + 1);
    else if (event.key === "ArrowUp") this.#point(this.current <= 0 ? last : this.current - 1);
    else if (event.key === "Enter") this.choose(this.#meant());
    else if (event.key === "Tab") return void (!event.shiftKey && this.choose(this.#meant()));
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  /** The first proposal unless another is pointed at; `data-pick="explicit"` (people) never guesses. */
  #meant() {
    return this.input.dataset.pick === "explicit" ? this.current : Math.max(this.current, 0);
  }

  choose(index) {
    const item = this.items[index];
    if (!item) return;
    this.input.value = item.label;
    this.#fill(item);
    this.close();
    this.input.dispatchEvent(new CustomEvent("combobox:chosen", { bubbles: true, detail: item }));
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Hidden fields always say what the visible text says: they empty as soon as it is typed again. */
  #fill(item) {
    const value = this.home.querySelector("[data-fill-value]");
    if (value) value.value = item?.value ?? "";
    for (const field of this.home.querySelectorAll("[data-fill]")) field.value = item?.data?.[field.dataset.fill] ?? "";
    this.home.classList.toggle("is-chosen", Boolean(item));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.#point(-1);
  }
}

export function combobox(root) {
  for (const input of root.querySelectorAll("input[data-combobox]:not([role])")) new Combobox(input);
}
