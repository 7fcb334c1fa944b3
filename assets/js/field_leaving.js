// Logging out drops the kept pages; what waits to be sent stays, for its own agent alone.

import { dropAll, dropOthers } from "./field_keeping.js";

export function fieldLeaving() {
  if (!globalThis.caches) return; // not over a safe line: nothing was ever kept
  const agent = document.body.dataset.agent;
  if (agent) dropOthers(agent).catch(() => {});
  const form = document.querySelector('form[action="/logout"]');
  form?.addEventListener("submit", async (event) => {
    if ("dropped" in form.dataset) return;
    event.preventDefault();
    form.dataset.dropped = "";
    await dropAll().catch(() => {});
    form.submit();
  });
}
