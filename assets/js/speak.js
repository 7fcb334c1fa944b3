// One polite live region for the whole page: what changed without the focus moving there.

let waiting;

/** Says `text` to screen readers; the last words win when several come at once. */
export function speak(text) {
  const region = document.getElementById("spoken");
  if (!region || !text) return;
  clearTimeout(waiting);
  region.textContent = "";
  waiting = setTimeout(() => { region.textContent = text; }, 150);
}

/** "{n} propositions" -> "3 propositions"; the none-words when n is 0, the one-words when n is 1. */
export function counted(data, n) {
  if (n === 0 && data.sayNone) return data.sayNone;
  if (n === 1 && data.sayOne) return data.sayOne;
  return (data.say ?? "").replace("{n}", String(n));
}
