// Entry of the pages of the ground: they open, and what is pressed there is kept, without network.

import { fieldForm } from "./field_form.js";
import { keepPages } from "./field_keeping.js";
import { sortHere } from "./field_list.js";
import { panel } from "./field_panel.js";
import { held } from "./field_store.js";

const WORKER = "/console/terrain/hors-reseau.js";
const SCOPE = "/console/terrain";
const main = document.querySelector("main[data-field]");
const keptAt = document.body.dataset.keptAt;

function sayKept() {
  const strip = document.querySelector("[data-field-offline]");
  const line = strip.querySelector("[data-kept]");
  const when = new Date(keptAt).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  line.textContent = line.dataset.say.replace("{when}", when);
  strip.hidden = false;
}

async function work() {
  if (keptAt) sayKept();
  if (new URLSearchParams(location.search).has("absente")) document.querySelector("[data-field-missing]").hidden = false;
  sortHere();
  if (!globalThis.indexedDB || !navigator.locks) return; // the form works as without script
  try {
    await held();
  } catch {
    return; // there, but closed: a private window
  }
  fieldForm();
  await panel();
  if (!navigator.serviceWorker || keptAt) return;
  try {
    await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
    await keepPages(document.body.dataset.agent, main);
  } catch {
    // the network went meanwhile: what was kept stays, and the next page that opens keeps the rest
  }
}

if (main) work();
