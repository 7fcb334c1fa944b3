// Demands nearby come after the place, in the order of the conversation, though they stand beside the form.
// Tab from the place's precision goes there when there are some, one Tab more to what follows; R attaches.

import { speak } from "./speak.js";

const controls = (root) => [...root.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")].filter((one) => one.checkVisibility?.() ?? true);

function after(field) {
  const all = controls(field.form);
  return all[all.indexOf(field) + 1];
}

let entered = false; // by the door: then one Tab more leaves by it, however many demands there are

function tabbed(event, panel, door) {
  const inside = controls(panel);
  const back = event.shiftKey;
  const next = panel.contains(event.target) ? leaving(back, door) : entering(event.target, back, inside, door);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function leaving(back, door) {
  if (!entered) return null;
  entered = false;
  return back ? door : after(door);
}

function entering(from, back, inside, door) {
  const atDoor = inside.length && (back ? from === after(door) : from === door);
  if (!atDoor) return null;
  entered = true;
  return inside.find((one) => one.matches("[data-attach]")) ?? inside[0];
}

/** ↑ ↓ go through what the panel holds. */
function stepped(event, panel) {
  const inside = controls(panel);
  const at = inside.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
  if (!inside[at]) return;
  event.preventDefault();
  inside[at].focus();
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
  panel.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (panel.contains(document.activeElement)) detail.shouldSwap = false; // nothing changes under the keys
  });
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!plain || event.defaultPrevented) return;
    if (event.key === "Tab") tabbed(event, panel, door);
    else if (event.key.startsWith("Arrow") && /Up|Down/.test(event.key) && panel.contains(event.target)) stepped(event, panel);
    else if (event.key.toLowerCase() === "r" && panel.contains(event.target) && !event.target.matches("input, textarea")) attach(event, panel);
  });
}
