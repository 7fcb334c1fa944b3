// Several picked by typing: each one chosen joins the ticks below its box, which empties for the next.

import { speak } from "./speak.js";

function tick(name, item) {
  const line = document.createElement("li");
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value: item.value, checked: true });
  const words = Object.assign(document.createElement("span"), { textContent: item.label });
  if (item.detail) words.append(" ", Object.assign(document.createElement("span"), { className: "muted", textContent: item.detail }));
  label.append(box, " ", words);
  line.append(label);
  return line;
}

function chosen(event) {
  const list = document.getElementById(event.target.dataset.several ?? "");
  if (!list) return;
  const item = event.detail;
  const known = list.querySelector(`input[value="${CSS.escape(item.value)}"]`);
  if (known) known.checked = true;
  else list.append(tick(list.dataset.name, item));
  speak(`${list.dataset.added} ${item.label}`);
  event.target.value = "";
  event.target.dispatchEvent(new Event("input", { bubbles: true })); // its hidden value empties with it
}

export function several() {
  document.addEventListener("combobox:chosen", chosen);
}
