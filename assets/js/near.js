// Demands nearby come after the place, in the order of the conversation, though they stand beside the form.
// Tab from the place's precision goes there when there are some, and comes back to what follows; R attaches.

import { speak } from "./speak.js";

const controls = (root) => [...root.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")].filter((one) => one.checkVisibility?.() ?? true);

function after(field) {
  const all = controls(field.form);
  return all[all.indexOf(field) + 1];
}

function tabbed(event, panel, door) {
  const inside = controls(panel);
  const at = inside.indexOf(event.target);
  const back = event.shiftKey;
  let next = null;
  if (event.target === door && !back) next = inside[0];
  else if (at === 0 && back) next = door;
  else if (at !== -1 && at === inside.length - 1 && !back) next = after(door);
  else if (event.target === after(door) && back && inside.length) next = inside.at(-1);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function attach(event, panel) {
  const row = event.target.closest("li, [data-near]");
  const button = row?.querySelector("[data-attach]") ?? panel.querySelector("[data-attach]");
  if (!button) return;
  event.preventDefault();
  button.click();
}

/** How many there are, and no more: the sentence to read aloud says the rest. */
function announce(panel) {
  const words = panel.querySelector("h2")?.textContent.trim() ?? "";
  if (words !== announce.last) speak(words);
  announce.last = words;
}

export function near() {
  const panel = document.getElementById("nearby");
  const door = document.getElementById("hint");
  if (!panel || !door?.form) return;
  panel.addEventListener("htmx:afterSwap", () => announce(panel));
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!plain || event.defaultPrevented) return;
    if (event.key === "Tab") tabbed(event, panel, door);
    else if (event.key.toLowerCase() === "r" && panel.contains(event.target) && !event.target.matches("input, textarea")) attach(event, panel);
  });
}
