// Sorting messages by the keyboard: one letter an act, taken only while the focus is in the two panes and in no box.

import { act } from "./shortcuts.js";

const BOX = "input, textarea, select, [contenteditable]";

function pressed(event) {
  const panes = event.target.closest?.("[data-sorting]");
  if (!panes || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.target.closest(BOX)) return;
  if (document.body.dataset.shortcuts === "off" || !/^[a-z]$/i.test(event.key)) return;
  const wanted = panes.querySelector(`[data-letter="${event.key.toLowerCase()}"]`);
  if (!wanted) return;
  event.preventDefault();
  open(wanted);
}

/** A folded act opens and its first box takes the focus; a button is pressed. */
function open(wanted) {
  const folded = wanted.closest("details");
  if (!folded) return act(wanted);
  folded.open = true;
  folded.querySelector("input:not([type=hidden]), textarea, select, button")?.focus();
}

function leave(event) {
  const folded = event.key === "Escape" ? event.target.closest?.("[data-sorting] details[name=sort][open]") : null;
  if (!folded) return;
  folded.open = false;
  folded.querySelector("summary").focus();
}

export function sorting() {
  const panes = document.querySelector("[data-sorting]");
  if (!panes) return;
  document.addEventListener("keydown", pressed);
  document.addEventListener("keydown", leave);
  if (document.querySelector("[autofocus], .error-summary")) return;
  (panes.querySelector("a[aria-current]") ?? panes.querySelector(".arrivals a"))?.focus({ preventScroll: true });
}
