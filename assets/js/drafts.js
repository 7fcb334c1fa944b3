// Keeps the entry form on the server at each pause of typing: a closed tab, a crash or a dropped call loses nothing.

import { csrfToken } from "./csrf.js";
import { recover } from "./session.js";
import { speak } from "./speak.js";

const PAUSE_MS = 1000;
const MOST_ON_LEAVING = 60_000; // bytes that a browser lets a closing page send

/** Names the open page, so that the server knows it from another tab on the same draft. */
const nameOfPage = () => Math.random().toString(36).slice(2) + Date.now().toString(36);

class Draft {
  constructor(form) {
    this.form = form;
    this.said = document.querySelector("[data-draft-said]");
    this.dirty = false;
    this.sent = false;
    this.ahead = false;
    this.sending = null;
    this.#field("draft_tab", nameOfPage());
    this.#field("draft_save", "0");
  }

  #field(name, value) {
    const field = this.form.elements[name];
    if (field && value !== undefined) field.value = value;
    return field?.value;
  }

  touched() {
    if (this.sent) return;
    this.dirty = true;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.save(), PAUSE_MS);
  }

  /** Everything with a name, files apart. */
  #body() {
    this.#field("draft_save", String(Number(this.#field("draft_save")) + 1));
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") body.append(name, value);
    return body;
  }

  async save({ leaving = false } = {}) {
    clearTimeout(this.waiting);
    if (leaving && this.sending) this.dirty = true; // what is on its way may not arrive: said once more
    if (!this.dirty || this.sent || this.ahead) return;
    if (this.sending && !leaving) { await this.sending; return this.save(); } // one at a time, in order
    this.dirty = false;
    this.sending = this.#send(leaving);
    await this.sending;
    this.sending = null;
  }

  async #send(leaving) {
    const body = this.#body();
    const keepalive = leaving && String(body).length < MOST_ON_LEAVING;
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    try {
      const answer = await fetch(this.form.dataset.draft, { method: "POST", body, headers, keepalive });
      if (answer.status === 401) recover(() => { this.dirty = true; return this.save(); });
      else this.#answered(answer.status, await answer.json());
      if (answer.status === 401 || answer.status >= 500) this.dirty = true;
    } catch {
      this.dirty = true; // the next pause tries again
      if (!leaving) this.waiting = setTimeout(() => this.save(), 10 * PAUSE_MS);
    }
  }

  #answered(status, told) {
    if (told.ahead) this.#overtaken(told);
    if (told.sent) this.sent = true;
    if (told.said && this.said && !told.ahead) this.said.textContent = told.said;
    if (status !== 200 || !told.version) return;
    this.#field("draft_version", String(told.version));
    if (this.sent) return;
    // A reload, or the browser's own "open closed tab", then comes back to this very draft.
    if (location.pathname + location.search !== told.address) history.replaceState(history.state, "", told.address);
    for (const link of document.querySelectorAll("[data-drafts] .num")) link.textContent = String(told.count);
  }

  /** Another tab wrote since: nothing is replaced until the agent says which of the two stays. */
  #overtaken(told) {
    this.ahead = true;
    this.dirty = true;
    const box = document.querySelector("[data-draft-ahead]");
    if (!box) return;
    box.querySelector("p").textContent = told.said;
    const other = box.querySelector("a");
    other.href = told.address;
    other.hidden = !told.address;
    box.querySelector("button").onclick = () => this.#insist(box);
    box.hidden = false;
    speak(told.said);
  }

  async #insist(box) {
    const anyway = Object.assign(document.createElement("input"), { type: "hidden", name: "draft_anyway", value: "1" });
    this.form.append(anyway);
    this.ahead = false;
    await this.save();
    anyway.remove();
    box.hidden = !this.ahead; // said until this one is kept: whoever leaves then loses nothing
  }
}

export function drafts() {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const draft = new Draft(form);
  const mine = (event) => event.target.form === form || form.contains(event.target);
  for (const name of ["input", "change", "combobox:chosen", "category:chosen", "place:moved"]) {
    document.addEventListener(name, (event) => mine(event) && draft.touched());
  }
  form.addEventListener("focusout", () => draft.save());
  document.addEventListener("visibilitychange", () => document.hidden && draft.save({ leaving: true }));
  addEventListener("pagehide", () => draft.save({ leaving: true }));
  form.addEventListener("submit", () => { draft.sent = true; clearTimeout(draft.waiting); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) draft.sent = false; });
}
