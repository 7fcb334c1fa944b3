// A danger is heard while the object is typed, without waiting for a pause: the strip must come at once.

import { csrfToken } from "./csrf.js";

const EVERY_MS = 120;
const said = new Map(); // code -> when « dit et vérifié » was pressed, by this page's own clock

const codes = (zone) => [...zone.querySelectorAll("[data-danger]")].map((strip) => strip.dataset.danger).join(" ");

class Listener {
  constructor(zone, object) {
    this.zone = zone;
    this.object = object;
    this.heard = "";
    this.asked = this.shown = 0; // answers may cross: an older one never takes a strip away
    for (const box of zone.querySelectorAll("[name=danger_said]:checked")) said.set(box.value, performance.now()); // a draft
    object.addEventListener("input", () => this.#typed());
    zone.addEventListener("change", ({ target }) => this.#pressed(target));
  }

  /** At most one question each EVERY_MS, and always one for the last letter. */
  #typed() {
    this.waiting ??= setTimeout(() => {
      this.waiting = null;
      this.#ask();
    }, EVERY_MS);
  }

  async #ask() {
    const text = this.object.value;
    if (text === this.heard) return;
    this.heard = text;
    const turn = ++this.asked;
    const body = new URLSearchParams([["q", text], ...[...said.keys()].map((code) => ["danger_said", code])]);
    try {
      const answer = await fetch(this.zone.dataset.dangers, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } });
      const html = await answer.text();
      if (!answer.ok || turn < this.shown || !this.object.value.startsWith(text.slice(0, 20))) return;
      this.shown = turn;
      this.#show(html);
    } catch {
      this.heard = ""; // asked again at the next letter; the other helps say that the line is down
    }
  }

  /** The same dangers leave the strip alone: it may hold the focus, and it was said already. */
  #show(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    if (codes(fresh.content) === codes(this.zone)) return;
    this.zone.replaceChildren(fresh.content);
    for (const box of this.zone.querySelectorAll("[name=danger_said]")) this.#mark(box, box.checked || said.has(box.value)); // said meanwhile
  }

  /** F9 then goes on to the next danger, if there is one. */
  #pressed(box) {
    if (box.name !== "danger_said") return;
    if (box.checked) said.set(box.value, performance.now());
    else said.delete(box.value);
    this.#mark(box, box.checked);
  }

  #mark(box, checked) {
    box.checked = checked;
    if (checked) box.removeAttribute("data-shortcut");
    else box.dataset.shortcut = "danger_said";
  }
}

/** How long ago each was said: clocks of desks differ, what has gone by since does not. */
export function stamp(form) {
  form.querySelectorAll("[name^=ago_]").forEach((field) => field.remove());
  for (const [code, at] of said) {
    const seconds = Math.round((performance.now() - at) / 1000);
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: `ago_${code}`, value: String(seconds) }));
  }
}

export function dangers() {
  const zone = document.querySelector("[data-dangers]");
  const object = document.getElementById("object");
  if (zone && object) new Listener(zone, object);
}
