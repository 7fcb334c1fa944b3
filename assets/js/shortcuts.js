// Keyboard shortcuts, declared by the page (`data-shortcut="F2"`) among those known here.
// Never a single letter, never Alt+letter: those belong to screen readers and browsers.

const KNOWN = ["F2", "F4", "F8", "F9", "Ctrl+Enter", "Ctrl+Shift+Enter", "Ctrl+KeyK"];
const MEMORY = "shortcuts-off";

const isOff = () => localStorage.getItem(MEMORY) === "1";

/** The combination by the place of the key (`event.code`), the same on every keyboard. */
function combination(event) {
  const code = event.code === "NumpadEnter" ? "Enter" : event.code;
  return (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.shiftKey ? "Shift+" : "") + code;
}

const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;

function submitOf(from) {
  const form = from.closest?.("form[data-submit-shortcut]") ?? document.querySelector("form[data-submit-shortcut]");
  return form?.querySelector("button.btn-primary") ?? form?.querySelector("button[type=submit]");
}

function act(element) {
  if (element.matches("input:not([type=checkbox]), textarea, select")) {
    element.focus();
    element.select?.();
  } else if (element.getAttribute("aria-disabled") !== "true") {
    element.click();
  }
}

function pressed(event) {
  const keys = combination(event);
  if (!KNOWN.includes(keys) || event.altKey || event.repeat || isOff()) return;
  const declared = [...document.querySelectorAll(`[data-shortcut="${keys}"]`)].find(visible);
  const target = declared ?? (keys === "Ctrl+Enter" ? submitOf(event.target) : null);
  if (!target) return;
  event.preventDefault();
  act(target);
}

function toggles() {
  for (const toggle of document.querySelectorAll("[data-shortcuts-toggle]")) {
    toggle.checked = !isOff();
    toggle.addEventListener("change", () => localStorage.setItem(MEMORY, toggle.checked ? "0" : "1"));
  }
}

export function shortcuts() {
  toggles();
  document.addEventListener("keydown", pressed);
}
