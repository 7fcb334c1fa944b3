// Ctrl+K: every act that the page allows now, by its name. Nothing is fetched: the list is what the page holds.

import { folded } from "./folding.js";
import { counted, speak } from "./speak.js";
import { act, keyLabel, keyOf } from "./shortcuts.js";

const MOST = 60;
const HERE = ["[data-action]", "summary", ".btn:not(:disabled)"].map((one) => `main ${one}, aside ${one}`).join(", ");
const ACTS = `${HERE}, main .tabs a:not([aria-current]), aside.side a[href]`;
const ALWAYS = "header [data-action], header .bar-link:not([data-palette], .to-menu)";

/** The words of an act, without the count or the key written beside them. */
function words(element) {
  if (element.dataset.action) return element.dataset.action;
  const bare = element.cloneNode(true);
  for (const beside of bare.querySelectorAll("kbd, .num, input, select")) beside.remove();
  return bare.textContent.replace(/\s+/g, " ").trim();
}

const shown = (element) => element.checkVisibility?.() !== false || element.closest("details.me, details[data-menu]");

/** What an element of the page does when it is chosen here. */
function run(element) {
  const folds = element.closest("details:not([open])");
  if (element.matches("details, summary")) {
    const details = element.closest("details");
    details.open = true;
    (details.querySelector("input:not([type=hidden]), textarea, select, button, a") ?? element).focus();
  } else if (folds && element.matches("input, textarea, select")) {
    folds.open = true;
    element.focus();
  } else act(element);
}

/** The name of the act's key, if it has one. */
const keyed = (element) => element.dataset.shortcut ?? (element.closest("form[data-submit-shortcut]") && element.matches(".btn-primary") ? "submit" : "");

/** What is folded under it: « filtrer » finds « Filtres ». */
function inside(element) {
  const folds = element.matches("summary") && element.closest("details:not([open])");
  return folds ? [...folds.querySelectorAll(".btn, label")].map(words).join(" ") : "";
}

/** Those that can be told from one another: the same words in each line of a list name none of them. */
function told(elements) {
  const named = new Map();
  for (const element of elements) {
    if (shown(element) && !element.closest("dialog")) named.set(words(element), [...(named.get(words(element)) ?? []), element]);
  }
  return [...named.values()].filter((alike) => alike.length === 1 || !alike.every((one) => one.closest("li, tr"))).map(([first]) => first);
}

function fromPage(dialog) {
  const seen = new Set();
  const found = [];
  const add = (group, element) => {
    const label = words(element);
    if (!label || seen.has(label)) return;
    seen.add(label);
    found.push({ group, label, also: inside(element), keys: keyOf(keyed(element)), run: () => run(element) });
  };
  for (const element of told(document.querySelectorAll(ACTS))) add(dialog.dataset.here, element);
  for (const link of document.querySelectorAll("nav.queues li a[href]")) add(dialog.dataset.lists, link);
  for (const link of dialog.querySelectorAll("[data-places] a")) add(link.parentNode.dataset.places, link);
  for (const element of document.querySelectorAll(ALWAYS)) add(dialog.dataset.always, element);
  return found;
}

class Palette {
  constructor(dialog) {
    this.dialog = dialog;
    this.box = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.box.addEventListener("input", () => this.filter());
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }

  open() {
    this.all = fromPage(this.dialog);
    this.box.value = "";
    this.dialog.showModal();
    this.box.focus();
    this.filter();
  }

  filter() {
    const asked = folded(this.box.value).split(" ").filter(Boolean);
    const says = (text) => asked.every((word) => folded(text).split(" ").some((part) => part.startsWith(word)));
    const named = this.all.filter(({ label }) => says(label));
    const holding = this.all.filter((item) => !named.includes(item) && says(`${item.label} ${item.also}`));
    this.found = [...named, ...holding].slice(0, MOST);
    const typed = this.box.value.trim();
    if (typed.length > 1) this.found.push(this.#seek(typed));
    this.#draw();
    this.#point(0);
    speak(counted(this.dialog.dataset, this.found.length));
  }

  /** Last of all: what was typed is looked for among demands and usagers. */
  #seek(typed) {
    const box = document.getElementById("find");
    return { group: this.dialog.dataset.always, label: this.dialog.dataset.find.replace("{text}", typed), keys: "", run: () => { box.value = typed; box.form.requestSubmit(); } };
  }

  #draw() {
    this.list.replaceChildren();
    let group;
    this.found.forEach((item, n) => {
      if (group?.dataset.name !== item.group) this.list.append((group = this.#group(item.group, n)));
      const option = Object.assign(document.createElement("div"), { id: `palette-${n}`, role: "option" });
      option.dataset.n = n;
      option.append(Object.assign(document.createElement("span"), { textContent: item.label }));
      if (item.keys) option.append(Object.assign(document.createElement("kbd"), { textContent: keyLabel(item.keys) }));
      group.append(option);
    });
  }

  #group(name, n) {
    const group = Object.assign(document.createElement("div"), { role: "group" });
    const title = Object.assign(document.createElement("p"), { id: `palette-group-${n}`, textContent: name });
    title.setAttribute("role", "presentation");
    group.dataset.name = name;
    group.setAttribute("aria-labelledby", title.id);
    group.append(title);
    return group;
  }

  #point(n) {
    const options = [...this.list.querySelectorAll("[role=option]")];
    this.at = options.length ? (n + options.length) % options.length : -1;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.at)));
    const current = options[this.at];
    if (current) this.box.setAttribute("aria-activedescendant", current.id);
    else this.box.removeAttribute("aria-activedescendant");
    current?.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const moves = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, PageDown: this.at + 8, PageUp: this.at - 8 };
    if (event.key in moves) this.#point(moves[event.key]);
    else if (event.key === "Enter") this.choose(this.list.querySelector('[aria-selected="true"]'));
    else return;
    event.preventDefault();
  }

  choose(option) {
    const item = option && this.found[Number(option.dataset.n)];
    if (!item) return;
    this.dialog.close(); // the focus goes back to where it was; the act may then take it elsewhere
    item.run();
  }
}

export function palette() {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const opened = new Palette(dialog);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    opened.open();
  });
}
