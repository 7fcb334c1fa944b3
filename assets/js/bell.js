// The bell of the bar: counted again when the stream says that something came, and said once, politely.

import { speak } from "./speak.js";
import { dress } from "./shortcuts.js";

export const bell = () => document.querySelector("[data-bell]");

export async function toll() {
  const rung = bell();
  if (!rung) return;
  const answer = await fetch("/console/notifications/cloche", { headers: { Accept: "text/html" }, redirect: "manual" });
  if (!answer.ok) return;
  const before = Number(rung.dataset.bell);
  const held = document.activeElement === rung;
  const drawn = document.createElement("template");
  drawn.innerHTML = await answer.text();
  const fresh = drawn.content.querySelector("[data-bell]");
  rung.replaceWith(fresh);
  dress(fresh.parentElement);
  if (held) fresh.focus();
  if (Number(fresh.dataset.bell) > before) speak(fresh.dataset.said);
}
