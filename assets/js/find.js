// The search box (F2): ↓ enters what was found, ↑ ↓ Home End go through it, Enter opens, Escape comes back.
// On the page of results the words stand behind the « # » of the address: the tab, the history and a link
// find them again, and no server or log ever gets them.

import htmx from "htmx.org/dist/htmx.esm.js";
import { speak } from "./speak.js";

const box = () => document.getElementById("find");
const shown = () => document.querySelector("[data-found]");
const links = () => [...(shown()?.querySelectorAll(".results a[href]") ?? [])];
const onPage = () => shown()?.id === "results";

function close() {
  if (!onPage()) shown()?.replaceChildren();
}

function moved(key, at, last) {
  return { ArrowDown: Math.min(at + 1, last), ArrowUp: at - 1, Home: 0, End: last }[key];
}

function pressed(event) {
  const inBox = event.target === box();
  const found = shown();
  if (!found || (!inBox && !found.contains(event.target)) || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") {
    if (inBox && !found.hasChildNodes()) return;
    close();
    box().focus();
  } else {
    const list = links();
    const next = inBox ? (event.key === "ArrowDown" ? 0 : undefined) : moved(event.key, list.indexOf(event.target), list.length - 1);
    if (next === undefined || !list.length) return;
    (list[next] ?? box()).focus();
  }
  event.preventDefault();
}

function told(event) {
  if (event.target !== shown()) return;
  const words = event.target.querySelector("[data-said]")?.dataset.said;
  if (document.activeElement === box()) speak(words);
  if (onPage()) history.replaceState(null, "", address());
}

const address = () => location.pathname + (box().value ? `#q=${encodeURIComponent(box().value)}` : "");

/** The words of the address, when they are not those of the page: another tab, a link, the way back. */
function follow() {
  const words = new URLSearchParams(location.hash.slice(1)).get("q");
  if (words === null || words === box().value) return;
  box().value = words;
  htmx.trigger(box(), "find:again");
}

export function finding() {
  if (!box()) return;
  document.addEventListener("keydown", pressed);
  document.addEventListener("htmx:afterSwap", told);
  document.addEventListener("click", ({ target }) => target.closest(".find") || close());
  document.addEventListener("focusin", ({ target }) => target.closest(".find") || close());
  if (!onPage()) return;
  addEventListener("hashchange", follow);
  if (location.hash) follow();
  else if (box().value && !location.search.includes("apres=")) history.replaceState(null, "", address());
}
