// Keyboard in lists, only while the focus is inside: ↑ ↓ Home End move, x ticks the row, Enter opens the link.

const LINK = "a[href]";

function rowsOf(list) {
  return [...list.querySelectorAll("tbody tr, :scope > li")].filter((row) => row.querySelector(LINK));
}

function target(key, at, last) {
  const moves = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last };
  return moves[key];
}

function pressed(event) {
  const list = event.target.closest("[data-list]");
  if (!list || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const rows = rowsOf(list);
  const at = rows.findIndex((row) => row.contains(event.target));
  const next = target(event.key, at, rows.length - 1);
  const tick = rows[at]?.querySelector("input[type=checkbox]");
  if (next !== undefined && rows[next]) rows[next].querySelector(LINK).focus();
  else if (event.key.toLowerCase() === "x" && tick) tick.click();
  else if (event.key === "Enter" && event.target.matches("input[type=checkbox]")) rows[at]?.querySelector(LINK).click();
  else return;
  event.preventDefault();
}

function changed(event) {
  const all = event.target.closest("[data-check-all]");
  if (!all) return;
  for (const tick of all.closest("table").querySelectorAll("tbody input[type=checkbox]")) tick.checked = all.checked;
}

export function lists() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("change", changed);
}
