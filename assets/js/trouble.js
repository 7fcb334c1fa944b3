// When the server does not answer: say it, keep the typed text, say what to do.

/** Shows the bar of the layout. 401/403 means the session ended, anything else that the line is down. */
export function trouble(status) {
  const bar = document.getElementById("trouble");
  if (!bar) return;
  const ended = status === 401 || status === 403;
  bar.querySelector("[data-when-ended]").hidden = !ended;
  bar.querySelector("[data-when-down]").hidden = ended;
  bar.hidden = false;
}

export function noTrouble() {
  const bar = document.getElementById("trouble");
  if (bar) bar.hidden = true;
}
