// Keyboard shortcuts. The page says which act an element is for (`data-shortcut="search"`); the agent's own keys
// come with the page (`<body data-keys='{"search": "F9"}' data-shortcuts="off">`) and are chosen on /console/preferences.
// Never a single letter, never Alt+letter: those belong to screen readers and browsers.

import { csrfToken } from "./csrf.js";
import { trouble } from "./trouble.js";

// The same as crm/staff/shortcuts.py, which a test compares.
export const DEFAULTS = {
  search: "F2", same_place: "F4", next_demand: "F8", danger_said: "F9", submit: "Ctrl+Enter", hang_up: "Ctrl+Shift+Enter",
  palette: "Ctrl+KeyK", take_call: "Ctrl+KeyI", help_now: "Ctrl+KeyB", help: "", new_demand: "", keep_draft: "", drafts: "",
};
const NAME_OF = Object.fromEntries(Object.entries(DEFAULTS).filter(([, keys]) => keys).map(([name, keys]) => [keys, name]));
const SHIFT = { fr: "Maj", en: "Shift" };

const own = () => ({ ...DEFAULTS, ...JSON.parse(document.body.dataset.keys || "{}") });
const isOff = () => document.body.dataset.shortcuts === "off";

/** The combination by the place of the key (`event.code`), the same on every keyboard. */
export function combination(event) {
  const code = event.code === "NumpadEnter" ? "Enter" : event.code;
  return (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + code;
}

/** "Ctrl+Shift+Enter" -> « Ctrl Maj ⏎ » */
export function keyLabel(keys) {
  const shift = SHIFT[document.documentElement.lang] ?? SHIFT.en;
  return keys.replace("Shift", shift).replace("Enter", "⏎").replace(/Key(?=[A-Z]$)/, "").replaceAll("+", " ");
}

/** The key that does this act for this agent; "" when none does. */
export const keyOf = (name) => (isOff() ? "" : own()[name] ?? "");

const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;

function submitOf(from) {
  const form = from.closest?.("form[data-submit-shortcut]") ?? document.querySelector("form[data-submit-shortcut]");
  return form?.querySelector("button.btn-primary") ?? form?.querySelector("button[type=submit]");
}

export function act(element) {
  if (element.matches("input:not([type=checkbox], [type=radio]), textarea, select")) {
    element.focus();
    element.select?.();
  } else if (element.getAttribute("aria-disabled") !== "true") {
    element.click();
  }
}

/** `data-shortcut` names the act ("search"); the older way names its usual key ("F2"). */
function declared(name) {
  const usual = DEFAULTS[name] ? `, [data-shortcut="${DEFAULTS[name]}"]` : "";
  return [...document.querySelectorAll(`[data-shortcut="${name}"]${usual}`)].find(visible);
}

function pressed(event) {
  if (event.altKey || event.repeat || event.defaultPrevented || isOff()) return;
  const keys = combination(event);
  const name = event.code && Object.entries(own()).find(([, held]) => held === keys)?.[0]; // an accent may have no code
  if (!name || event.target.closest?.("[data-key-field]")) return;
  const target = declared(name) ?? (name === "submit" ? submitOf(event.target) : null);
  if (!target) return;
  event.preventDefault();
  act(target);
}

/** Shows the agent's keys where the page was written with the usual ones. */
export function dress(root) {
  const keys = isOff() ? {} : own();
  for (const mark of root.querySelectorAll("kbd:not([data-shown])")) {
    const name = mark.dataset.key ?? NAME_OF[Object.keys(NAME_OF).find((usual) => keyLabel(usual) === mark.textContent.trim())];
    if (!name || keys[name] === DEFAULTS[name]) continue;
    mark.dataset.key = name;
    mark.textContent = keyLabel(keys[name] ?? "");
    mark.hidden = !keys[name];
  }
  for (const element of root.querySelectorAll("[data-shortcut]")) {
    const name = NAME_OF[element.dataset.shortcut] ?? element.dataset.shortcut;
    if (keys[name]) element.setAttribute("aria-keyshortcuts", keys[name].replace("Ctrl", "Control").replace("Key", ""));
    else element.removeAttribute("aria-keyshortcuts");
  }
}

function toggled({ target }) {
  if (!target.matches("[data-shortcuts-toggle]")) return;
  if (target.checked) delete document.body.dataset.shortcuts;
  else document.body.dataset.shortcuts = "off";
  const body = new URLSearchParams({ on: target.checked ? "1" : "" });
  fetch("/console/preferences/raccourcis/actifs", { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" } }).catch(() => trouble());
}

export function shortcuts() {
  document.addEventListener("change", toggled);
  document.addEventListener("keydown", pressed);
}
