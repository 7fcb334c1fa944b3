// Says that this page is open, and shows who else has it open: one small request every ten seconds at most.

import { csrfToken } from "./csrf.js";

const EVERY = 10_000;
const WRITING_FOR = 20_000; // after the last key
const LAST = "presence-last";

const tab = () => {
  const known = sessionStorage.getItem("presence-tab") ?? Math.random().toString(36).slice(2, 10);
  sessionStorage.setItem("presence-tab", known);
  return known;
};

export function presence() {
  const place = document.querySelector("[data-presence]");
  if (!place) return;
  let wroteAt = -Infinity;
  let stopped = false;
  document.addEventListener("input", ({ target }) => {
    if (target.closest("#main, .side")) wroteAt = performance.now();
  });

  const doing = () => (performance.now() - wroteAt < WRITING_FOR ? place.dataset.writing : "look");

  async function ping() {
    sessionStorage.setItem(LAST, String(Date.now()));
    const body = new URLSearchParams({ doing: doing(), tab: tab() });
    const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
    const answer = await fetch(place.dataset.presence, { method: "POST", body, headers, redirect: "manual" });
    if (!answer.ok) { // out of reach, or logged out: this page has nothing more to say
      stopped = answer.status < 500;
      return;
    }
    const { said } = await answer.json();
    if (place.textContent !== said) place.textContent = said; // a live region speaks when it changes
  }

  function round() {
    if (stopped) return;
    if (!document.hidden) ping().catch(() => {});
    setTimeout(round, EVERY);
  }

  const since = Date.now() - Number(sessionStorage.getItem(LAST) ?? 0);
  setTimeout(round, since < EVERY ? EVERY - since : 0);
}
