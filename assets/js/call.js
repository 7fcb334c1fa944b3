// The page of a call: how long it lasts, where the focus goes, how it ends. No mouse, no dialog.

import { stamp } from "./danger.js";

let began = null; // the first letter typed, by this page's own clock

function clock(form) {
  form.addEventListener("input", () => { began ??= performance.now(); }, { once: true });
  form.addEventListener("submit", () => {
    if (began !== null) form.elements.seconds.value = String(Math.round((performance.now() - began) / 1000));
    stamp(form);
  }, { capture: true });
}

/** Questions come again when the place or the person is known: what was typed meanwhile stays, and the cursor too. */
function keepTyping(zone) {
  let typed = [];
  const fields = () => [...zone.querySelectorAll("input:not([type=hidden]), select")];
  zone.addEventListener("htmx:beforeSwap", () => { typed = fields().map((field) => [field.name, field.value]); });
  zone.addEventListener("htmx:afterSwap", () => {
    for (const [name, value] of typed) {
      const field = fields().find((one) => one.name === name);
      if (field && value) field.value = value;
    }
  });
}

/** Once registered the number has the focus, to be said; any letter begins the next demand. */
function afterwards() {
  const done = document.querySelector("[data-then]");
  if (!done) return;
  done.focus();
  done.addEventListener("keydown", (event) => {
    const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.target !== done || !(letter || event.key === "Enter")) return;
    if (!letter) event.preventDefault();
    document.querySelector(done.dataset.then)?.focus();
  });
}

/** A list of numbered buttons: digits press them, by their place on the keyboard, while the focus is inside. */
function digits(event) {
  const list = event.target.closest?.("[data-digits]");
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
  if (!list || event.ctrlKey || event.altKey || event.metaKey) return;
  const buttons = [...list.querySelectorAll("button")];
  const at = buttons.indexOf(event.target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (digit) buttons[Number(digit[1]) - 1]?.click();
  else if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
  else return;
  event.preventDefault();
}

/** Opened by its key, the list of motives takes the focus. */
function ending(details) {
  details.addEventListener("toggle", () => { if (details.open) details.querySelector("[data-digits] button")?.focus(); });
}

/** On one column the sentence to read aloud comes before the button that registers, for the eye and the keyboard. */
function aloud(form) {
  const sentence = document.querySelector(".aloud");
  const side = sentence?.parentElement;
  if (!side) return;
  const narrow = matchMedia("(max-width: 799px)");
  const place = () => (narrow.matches ? form.querySelector(".actions-end").before(sentence) : side.prepend(sentence));
  narrow.addEventListener("change", place);
  place();
}

export function call() {
  const form = document.querySelector("form[data-call]");
  if (!form) return;
  clock(form);
  aloud(form);
  afterwards();
  document.querySelectorAll("[data-keep-typing]").forEach(keepTyping);
  document.querySelectorAll("[data-ending]").forEach(ending);
  document.addEventListener("keydown", digits);
}
