// Asks a source of suggestions while someone types: delayed, and only the last question counts.

import { csrfToken } from "./csrf.js";
import { recover } from "./session.js";
import { trouble } from "./trouble.js";

const DELAY_MS = 120;

/** Names and values of the fields listed in `data-with` ("#insee,#sector"). */
function company(selectors) {
  if (!selectors) return [];
  return [...document.querySelectorAll(selectors)].filter((field) => field.value).map((field) => [field.name, field.value]);
}

export class Lookup {
  /** @param {DOMStringMap} data `source`, `param`, `method`, `with` of the element. */
  constructor(data) {
    this.data = data;
    this.asked = null;
  }

  cancel() {
    clearTimeout(this.waiting);
    this.asked?.abort();
  }

  /** Calls `show(items)` unless a later question came first. */
  ask(text, show) {
    this.cancel();
    this.waiting = setTimeout(() => this.#send(text, show), DELAY_MS);
  }

  async #send(text, show) {
    this.asked = new AbortController();
    const facts = new URLSearchParams([[this.data.param || "q", text], ...company(this.data.with)]);
    const options = { signal: this.asked.signal, headers: { Accept: "application/json" }, credentials: "same-origin" };
    let url = this.data.source;
    if (this.data.method?.toLowerCase() === "post") {
      Object.assign(options, { method: "POST", body: facts });
      options.headers["X-CSRFToken"] = csrfToken();
    } else {
      url += (url.includes("?") ? "&" : "?") + facts;
    }
    try {
      const answer = await fetch(url, options);
      if (!answer.ok) throw Object.assign(new Error(answer.statusText), { status: answer.status });
      show((await answer.json()).items);
    } catch (error) {
      if (error.status === 401) recover(() => this.#send(text, show));
      else if (error.name !== "AbortError") trouble(error.status);
    }
  }
}
