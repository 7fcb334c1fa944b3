// « Besoin d'aide maintenant »: a strip on each console of the centre, drawn again at each thing told of it.
// It takes neither the focus nor the place of anything; the page where help was asked stays as it is.

import htmx from "htmx.org/dist/htmx.esm.js";

import { speak } from "./speak.js";

export const helpStrip = () => document.querySelector("[data-helps]");

function show(strip, words) {
  strip.innerHTML = words;
  const told = strip.firstElementChild;
  strip.hidden = !told;
  if (!told) return;
  htmx.process(strip);
  if (strip.dataset.shown !== told.dataset.said) speak(told.dataset.said);
  strip.dataset.shown = told.dataset.said;
}

/** Asks what there is to show of this call; nothing any more when it is over, or another colleague came. */
export async function helpHeard({ help }) {
  const strip = helpStrip();
  if (!strip || strip.contains(document.activeElement)) return;
  const answer = await fetch(`${strip.dataset.helps}/${help}/bandeau`, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (answer.ok) show(strip, await answer.text());
  else if (strip.firstElementChild?.dataset.helpCall === String(help)) show(strip, "");
}

/** What htmx put there: my own call, or nothing once it is settled. */
export function helpNow() {
  const strip = helpStrip();
  strip?.addEventListener("htmx:afterSettle", () => {
    const told = strip.firstElementChild;
    strip.hidden = !told;
    if (told && strip.dataset.shown !== told.dataset.said) speak(told.dataset.said);
    strip.dataset.shown = told?.dataset.said ?? "";
  });
}
