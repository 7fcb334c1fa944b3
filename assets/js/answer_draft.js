// Keeps the answer being written on the server at each pause, so that it is found again, here or by a colleague.

import { csrfToken } from "./csrf.js";

const PAUSE = 2_000;

export function answerDraft() {
  const form = document.querySelector("form[data-draft-url]");
  if (!form) return;
  const told = document.querySelector("[data-draft-said]");
  let waiting;
  let unsaved = false;

  async function save() {
    clearTimeout(waiting);
    if (!unsaved || "sent" in form.dataset) return;
    unsaved = false;
    const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, headers, redirect: "manual", keepalive: true });
    if (!answer.ok) throw new Error(String(answer.status));
    told.textContent = (await answer.json()).said;
  }

  const later = () => save().catch(() => { unsaved = true; });
  form.addEventListener("input", () => {
    unsaved = true;
    clearTimeout(waiting);
    waiting = setTimeout(later, PAUSE);
  });
  document.addEventListener("visibilitychange", () => document.hidden && later());
}
