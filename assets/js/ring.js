// What is told to an open console at once: a colleague who needs help (help_now.js), something to read (bell.js), and
// the call that rings on this agent's telephone: a strip that takes neither the focus nor the place of anything.
// One stream a browser: one tab holds it and tells the others. Without it the console goes on, only silent.

import { bell, toll } from "./bell.js";
import { helpHeard, helpStrip } from "./help_now.js";
import { speak } from "./speak.js";
import { dress } from "./shortcuts.js";

let strip;
let shown = ""; // what was said last, so that the same thing is not said twice
let source;
const others = "BroadcastChannel" in window ? new BroadcastChannel("crm-calls") : null;
const REST_MS = 2000; // who only has notices to hear lets the page come to rest first
const last = {}; // the last things heard, for a tab that opens now

function hide() {
  strip.hidden = true;
  shown = "";
}

/** Redrawn in place; open lists and the focus inside it are left alone. */
async function draw({ call }) {
  const form = document.querySelector("#case-form [name=call]");
  if (form?.value === String(call)) return hide(); // this page is about that call: it has all that the strip would offer
  const answer = await fetch(`${strip.dataset.calls}/${call}`, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (!answer.ok) {
    if (strip.firstElementChild?.dataset.call === String(call)) hide();
    return;
  }
  const words = await answer.text();
  if (strip.contains(document.activeElement) || strip.querySelector("details[open]")) return;
  strip.innerHTML = words;
  const told = strip.firstElementChild;
  if (told.dataset.done !== undefined) return hide();
  const here = strip.querySelector("[data-here]");
  if (here) here.value = location.pathname;
  dress(strip);
  strip.hidden = false;
  if (shown !== told.dataset.said) speak(told.dataset.said);
  shown = told.dataset.said;
}

function heard(what) {
  Object.assign(last, what);
  if ("help" in what) helpHeard(what);
  if ("notice" in what) toll().catch(() => {});
  if ("call" in what && strip) draw(what).catch(() => {});
}

function listen() {
  const shown = strip ?? helpStrip() ?? bell();
  source = new EventSource("/console/appels/direct");
  source.onopen = () => { shown.dataset.listening = ""; };
  source.onerror = () => { delete shown.dataset.listening; };
  source.onmessage = ({ data }) => {
    const what = JSON.parse(data);
    others?.postMessage(what);
    heard(what);
  };
}

/** The tab that has the lock listens until it is closed; then another one takes over. */
function holdTheLine() {
  if (navigator.locks) {
    navigator.locks.request("crm-calls", () => new Promise(() => listen())).catch(() => {});
    return;
  }
  listen(); // no locks without HTTPS: each tab listens for itself while it is in sight
  document.addEventListener("visibilitychange", () => {
    source.close();
    if (!document.hidden) listen();
  });
}

/** Enter takes the call when nothing has the focus; the agent's own key does it everywhere (shortcuts.js). */
function entered(event) {
  if (event.key !== "Enter" || event.target !== document.body || !strip || strip.hidden || event.defaultPrevented) return;
  const link = strip.querySelector("[data-take]");
  if (!link) return;
  event.preventDefault();
  link.click();
}

export function ring() {
  strip = document.querySelector("[data-calls]");
  if (!strip && !helpStrip() && !bell()) return;
  others?.addEventListener("message", ({ data }) => {
    if (data.hello) return source && others.postMessage(last);
    heard(data);
  });
  others?.postMessage({ hello: true });
  addEventListener("pagehide", () => source?.close());
  document.addEventListener("keydown", entered);
  if (strip || helpStrip()) return holdTheLine();
  setTimeout(holdTheLine, REST_MS);
}
