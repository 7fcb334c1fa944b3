// « @ » in an internal note: colleagues and services who read the case are proposed. Without this file the name is
// typed whole, and the server understands it the same.

import { speak } from "./speak.js";

const TYPED = /(?:^|\s)@([^@\n]{1,40})$/;

class Mentions {
  constructor(box) {
    this.box = box;
    this.list = Object.assign(document.createElement("ul"), { className: "mentions panel", id: `${box.id}-mentions`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "@");
    box.after(this.list);
    box.setAttribute("aria-controls", this.list.id);
    box.setAttribute("autocomplete", "off");
    box.addEventListener("input", () => this.ask().catch(() => this.close())); // without names, one types on
    box.addEventListener("keydown", (event) => this.pressed(event));
    box.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => { event.preventDefault(); this.take(event.target.closest("[role=option]")); });
  }

  typed() {
    return TYPED.exec(this.box.value.slice(0, this.box.selectionStart))?.[1] ?? "";
  }

  async ask() {
    const typed = this.typed();
    if (!typed) return this.close();
    const answer = await fetch(`${this.box.dataset.mentions}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || this.typed() !== typed) return;
    this.draw((await answer.json()).items);
  }

  draw(items) {
    this.list.replaceChildren(...items.map((item, n) => {
      const option = Object.assign(document.createElement("li"), { id: `${this.list.id}-${n}`, textContent: item.label });
      option.setAttribute("role", "option");
      option.dataset.name = item.value;
      option.append(Object.assign(document.createElement("span"), { className: "muted small", textContent: ` ${item.detail}` }));
      return option;
    }));
    this.list.hidden = !items.length;
    if (items.length) { this.point(0); speak(items.map((item) => item.label).join(", ")); }
  }

  point(n) {
    const options = [...this.list.children];
    this.at = (n + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.at)));
    this.box.setAttribute("aria-activedescendant", options[this.at].id);
  }

  pressed(event) {
    if (this.list.hidden) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) this.point(this.at + moves[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.list.children[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  take(option) {
    if (!option) return;
    const until = this.box.selectionStart;
    const from = until - this.typed().length;
    this.box.setRangeText(`${option.dataset.name} `, from, until, "end");
    this.close();
    this.box.focus();
  }

  close() {
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }
}

export function mentions() {
  for (const box of document.querySelectorAll("textarea[data-mentions]")) new Mentions(box);
}
