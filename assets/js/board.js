// The board renews itself every half minute, unless it is paused, hidden or being read with the keyboard.

import { speak } from "./speak.js";

const EVERY = 30_000;

const numbers = (board) => new Map([...board.querySelectorAll("[data-figure]")].map((link) => [link.dataset.label, link.dataset.figure]));

/** What changed among the figures, in words; the board stays silent when nothing did. */
function differences(board, before) {
  return [...numbers(board)]
    .filter(([label, now]) => before.has(label) && before.get(label) !== now)
    .map(([label, now]) => board.dataset.changed.replace("{label}", label).replace("{now}", now).replace("{before}", before.get(label)))
    .join(" ");
}

export function boards() {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const pause = document.querySelector("[data-board-pause]");
  let before = numbers(board);
  const isPaused = () => pause.getAttribute("aria-pressed") === "true";
  pause.hidden = false;
  pause.addEventListener("click", () => pause.setAttribute("aria-pressed", String(!isPaused())));
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (target !== board) return;
    speak(differences(board, before));
    before = numbers(board);
  });
  setInterval(() => {
    if (!isPaused() && !document.hidden) board.dispatchEvent(new CustomEvent("board:tick"));
  }, EVERY);
}
