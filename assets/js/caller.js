// Whoever is on the line: their usual place in one key, the way they like to be answered.

import { speak } from "./speak.js";

/** The place of last time, as if it had just been chosen in the list; then the cursor goes on. */
function usualPlace(button) {
  const place = document.getElementById("place");
  const home = place?.closest(".combobox");
  if (!home) return;
  const { usualPlace: value, label, hint, insee, lon, lat } = button.dataset;
  place.value = label;
  home.querySelector("[data-fill-value]").value = value;
  for (const [key, text] of Object.entries({ insee, lon, lat })) {
    const field = home.querySelector(`[data-fill="${key}"]`);
    if (field) field.value = text;
  }
  home.classList.add("is-chosen");
  const precision = document.getElementById("hint");
  if (precision && !precision.value) precision.value = hint;
  place.dispatchEvent(new CustomEvent("combobox:chosen", { bubbles: true, detail: { value, label, data: { insee, lon, lat } } }));
  place.dispatchEvent(new Event("change", { bubbles: true }));
  precision?.focus();
  speak(label);
}

/** Preselected, unless the agent already chose another way. */
function preferredChannel(panel) {
  const wished = panel.querySelector("[data-prefers]")?.dataset.prefers;
  const select = document.getElementById("answer_channel");
  if (wished && select && !("touched" in select.dataset)) select.value = wished;
}

export function caller() {
  const panel = document.querySelector("[data-caller]");
  if (!panel) return;
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-usual-place]");
    if (button) usualPlace(button);
  });
  document.getElementById("answer_channel")?.addEventListener("change", ({ target }) => { target.dataset.touched = ""; });
  panel.addEventListener("htmx:afterSwap", () => preferredChannel(panel));
}
