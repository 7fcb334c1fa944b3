// How the agent likes the screens: help beside the page, density, keys. Each also works as a page, without this.

import { csrfToken } from "./csrf.js";
import { recover } from "./session.js";
import { combination, dress, keyLabel } from "./shortcuts.js";
import { trouble } from "./trouble.js";

/** The panel does not take the page away: one goes on typing beside it. Filled once. */
async function help(event) {
  const link = event.target.closest("[data-help]");
  const panel = document.getElementById("help");
  if (!link || !panel || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (panel.open) return panel.close();
  const body = panel.firstElementChild;
  if (!body.childElementCount) {
    try {
      const answer = await fetch(panel.dataset.source, { headers: { "HX-Request": "true" } });
      if (answer.status === 401) return recover(() => link.click());
      body.innerHTML = await answer.text();
    } catch {
      return trouble();
    }
  }
  panel.show();
  panel.querySelector("[data-close]")?.focus();
}

function closed(event) {
  const panel = event.target.closest?.("#help");
  if (!panel || (event.type === "click" && !event.target.closest("[data-close]")) || (event.type === "keydown" && event.key !== "Escape")) return;
  panel.close();
  document.querySelector("[data-help]")?.focus();
}

/** In place: a form being filled in stays as it is. */
function density(event) {
  const form = event.target.closest("[data-density-form]");
  if (!form) return;
  event.preventDefault();
  const field = form.elements.density;
  const button = form.querySelector("button");
  document.body.dataset.density = field.value;
  fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json", "X-CSRFToken": csrfToken() } }).catch(() => trouble());
  button.textContent = button.dataset[field.value];
  field.value = field.value === "compact" ? "comfortable" : "compact";
}

/** In a field of keys, pressing them writes them. Tab still leaves, letters can still be typed. */
function captured(event) {
  if (!event.target.matches?.("[data-key-field]") || event.key === "Tab") return;
  const keys = combination(event);
  if (!/^F\d+$/.test(event.code) && !event.ctrlKey && !event.metaKey) return;
  if (/^(Control|Shift|Meta|Alt)/.test(event.code) || /^Ctrl\+Key[ACVXZ]$/.test(keys)) return;
  event.preventDefault();
  event.target.value = (event.altKey ? "Alt " : "") + keyLabel(keys);
}

/** Another language keeps the page, and the draft that is open in it. */
function language(event) {
  const link = event.target.closest("a[data-language]");
  if (!link) return;
  const here = new URL(location.href);
  here.searchParams.set("lang", link.lang);
  link.href = here.href;
}

export function comfort() {
  for (const handler of [help, closed, language]) document.addEventListener("click", handler);
  document.addEventListener("keydown", closed);
  document.addEventListener("keydown", captured);
  document.addEventListener("submit", density);
  dress(document);
}
