// What is ticked in a list: counted aloud, kept when one comes back to it, let go by Escape.

import { counted, speak } from "./speak.js";

const form = () => document.querySelector("form[data-picked]");
const ticks = () => [...document.querySelectorAll("[data-list] tbody .pick input")];
const memory = () => `picked:${location.pathname}`;

function show(aloud) {
  const chosen = ticks().filter((tick) => tick.checked).map((tick) => tick.value);
  const words = counted(form().dataset, chosen.length);
  form().querySelector("[data-count]").textContent = words;
  form().hidden = chosen.length === 0;
  if (chosen.length) sessionStorage.setItem(memory(), chosen.join(" "));
  else sessionStorage.removeItem(memory());
  if (aloud) speak(words);
}

function pressed(event) {
  if (event.key !== "Escape" || !event.target.closest("[data-list], form[data-picked]")) return;
  if (!ticks().some((tick) => tick.checked)) return;
  for (const tick of ticks()) tick.checked = false;
  show(true);
  event.preventDefault();
}

export function picks() {
  if (!form()) return;
  const before = new Set((sessionStorage.getItem(memory()) ?? "").split(" "));
  for (const tick of ticks()) tick.checked ||= before.has(tick.value);
  show(false);
  document.addEventListener("change", ({ target }) => target.closest("[data-list]") && show(true)); // after list.js ticked them all
  document.addEventListener("keydown", pressed);
}
