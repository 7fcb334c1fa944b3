// htmx keeps the assist zones up to date (see templates/_parts/assist.html); this file gives it our rules.

import htmx from "htmx.org/dist/htmx.esm.js";
import { csrfToken } from "./csrf.js";
import { release } from "./once.js";
import { recover } from "./session.js";
import { noTrouble, trouble } from "./trouble.js";

const FACTS = ["change", "category:chosen", "combobox:chosen", "place:moved"];

/** One event on the form when a fact changes, whatever the control; a name or a telephone is no [data-fact]. */
function changed(event) {
  const fact = event.target.closest?.("[data-fact]");
  fact?.closest("form")?.dispatchEvent(new CustomEvent("facts:changed", { bubbles: true }));
}

/** Without a session: asked again once the agent is back, with what the form holds by then. */
function refused({ xhr, elt, requestConfig }) {
  if (xhr.status !== 401) return trouble(xhr.status);
  recover(() => elt.isConnected && htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt }));
}

/** @param {(root: ParentNode) => void} wake prepares what a fragment brought. */
export function assist(wake) {
  for (const name of FACTS) document.addEventListener(name, changed);
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.verb !== "get") detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:responseError", ({ detail }) => refused(detail));
  document.addEventListener("htmx:sendError", () => trouble());
  document.addEventListener("htmx:afterOnLoad", noTrouble);
  document.addEventListener("htmx:afterRequest", ({ target }) => target.closest("form[data-sent]") && release(target.closest("form")));
  htmx.onLoad((content) => wake(content));
}
