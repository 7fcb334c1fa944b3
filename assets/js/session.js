// A session that ended: the agent types the password where they are, and what was being sent is sent again.

import { noTrouble, trouble } from "./trouble.js";

const JSON_ONLY = { Accept: "application/json" };
let waiting = []; // what to do again once the session is back

function takeToken({ csrf }) {
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", csrf);
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = csrf;
}

const panel = () => document.getElementById("session-over");
const same = (told) => String(told.agent) === document.body.dataset.agent;

/** "ok" with a fresh token, "ended", or "down". Whatever else the server says is its own affair. */
async function ask() {
  try {
    const answer = await fetch("/console/session", { headers: JSON_ONLY });
    if (answer.status === 401) return "ended";
    if (answer.status !== 200) return "ok";
    const told = await answer.json();
    if (!same(told)) return "ended"; // somebody else logged in, in another tab
    takeToken(told);
    return "ok";
  } catch {
    return "down";
  }
}

function open(takesFocus) {
  const box = panel();
  if (!box) return trouble(401);
  if (box.hidden) {
    box.hidden = false;
    open.from = document.activeElement;
  }
  if (takesFocus) box.querySelector("[type=password]").focus();
}

function close() {
  const box = panel();
  box.hidden = true;
  for (const field of box.querySelectorAll("[type=password], [name=code]")) field.value = "";
  box.querySelector("[data-refused]").textContent = "";
  if (box.contains(document.activeElement) || document.activeElement === document.body) open.from?.focus?.();
}

async function enter(event) {
  event.preventDefault();
  const form = event.target;
  const refused = form.querySelector("[data-refused]");
  try {
    const door = await (await fetch("/login", { headers: JSON_ONLY })).json();
    const headers = { ...JSON_ONLY, "X-CSRFToken": door.csrf };
    const answer = await fetch("/login", { method: "POST", body: new URLSearchParams(new FormData(form)), headers });
    const told = await answer.json();
    if (!answer.ok) {
      refused.textContent = told.title;
      if (told.code) form.querySelector("[data-code]").hidden = false;
      form.querySelector(told.code ? "[name=code]" : "[type=password]").select();
      return;
    }
    takeToken(told);
    noTrouble();
    close();
    const again = waiting;
    waiting = [];
    for (const retry of again) await retry();
  } catch {
    trouble();
  }
}

/** Something was refused for want of a session: get it back, then do `retry`. Never takes the focus from who types. */
export async function recover(retry) {
  const state = await ask();
  if (state === "ok") return retry?.();
  if (state === "down") return trouble();
  if (retry) waiting.push(retry);
  open(false);
}

/** The button that was pressed; a copy of it when a help was written again meanwhile: what it does is not lost. */
function standing(button, form) {
  if (button.isConnected) return button;
  const copy = button.cloneNode();
  copy.hidden = true;
  form.append(copy);
  return copy;
}

/** Before a form leaves the page: is there a session to receive it? If not, the page stays, text and all. */
async function guard(event) {
  const form = event.target;
  if (form.method !== "post" || !form.closest("main") || form.closest("dialog") || form.matches("[hx-post], [data-queued]")) return;
  if ("checked" in form.dataset) return delete form.dataset.checked;
  event.preventDefault();
  event.stopImmediatePropagation();
  if ("checking" in form.dataset) return;
  form.dataset.checking = "";
  const submitter = event.submitter;
  const leave = () => {
    form.dataset.checked = "";
    form.requestSubmit(submitter && standing(submitter, form));
  };
  const state = await ask();
  delete form.dataset.checking;
  if (state === "ok") return leave();
  if (state === "down") return trouble();
  waiting = waiting.filter((retry) => retry.form !== form);
  waiting.push(Object.assign(leave, { form }));
  open(true);
}

export function session() {
  const box = panel();
  if (!box) return;
  document.addEventListener("submit", guard, true);
  box.querySelector("form").addEventListener("submit", enter);
  box.querySelector("[data-later]").addEventListener("click", close);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-log-in-again]")) open(true); });
}

