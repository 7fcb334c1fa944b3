// « 3 envois en attente »: what waits, what was kept as a note, and the button that sends.

import { TOLD, sendAll, waits } from "./field_sending.js";
import { forget, held } from "./field_store.js";
import { recover } from "./session.js";
import { counted } from "./speak.js";

const agent = () => document.body.dataset.agent;
const box = () => document.querySelector("[data-field-queue]");
const told = (iso) => new Date(iso).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

/** What happened, where the eye is, and aloud; `tone`: ok or warn. */
export function say(text, tone = "ok") {
  const line = document.querySelector("[data-field-said]");
  if (!line || !text) return;
  line.className = `strip strip-${tone}`;
  line.hidden = false;
  line.textContent = text;
  if (document.activeElement === document.body) line.focus(); // the button that was pressed is gone
}

/** All that was typed or chosen: where it did not arrive, it is nowhere else. */
function typed({ missing, fields: { note, no_photo: why, planned_on: day } }) {
  const planned = day && new Date(`${day}T12:00`).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  return [missing, note, why, planned].filter(Boolean).join(" — ");
}

function row(save, words) {
  const item = box().querySelector("template").content.cloneNode(true).firstElementChild;
  const put = (name, text) => { item.querySelector(`[data-${name}]`).textContent = text; };
  const photos = save.photos.length ? ` · ${counted({ say: words.photos, sayOne: words.photo }, save.photos.length)}` : "";
  put("what", save.label);
  put("where", `${save.title}, ${save.where}`);
  put("when", `${told(save.pressedAt)}${photos}`);
  put("state", { waiting: words.waiting, kept: save.said, gone: words.gone, refused: words.refused }[save.state]);
  if (!waits(save)) {
    const words = typed(save);
    item.querySelector("[data-words]").hidden = !words;
    put("words", words);
    const button = item.querySelector("[data-forget]");
    button.hidden = false;
    button.addEventListener("click", async () => { await forget(save.key); await show(); });
  }
  return item;
}

export async function show() {
  const panel = box();
  const all = await held();
  const own = all.filter((save) => save.agent === agent());
  const waiting = own.filter(waits);
  const others = all.filter((save) => save.agent !== agent() && waits(save)).length;
  panel.hidden = !own.length && !others;
  panel.querySelector("[data-count]").textContent = counted(panel.dataset, waiting.length);
  panel.querySelector("[data-rows]").replaceChildren(...own.map((save) => row(save, panel.dataset)));
  panel.querySelector("[data-send]").hidden = !waiting.length;
  const beside = panel.querySelector("[data-of-others]");
  beside.hidden = !others;
  beside.textContent = counted({ say: panel.dataset.others, sayOne: panel.dataset.othersOne }, others);
  mark(waiting);
}

/** In lists, the places whose report waits. */
function mark(waiting) {
  const paths = new Set(waiting.map(({ path }) => path));
  for (const link of document.querySelectorAll(".ground-list a")) {
    const marks = link.querySelector("[data-marks]");
    marks?.querySelector("[data-waits]")?.remove();
    if (!marks || !paths.has(new URL(link.href).pathname)) continue;
    const tag = Object.assign(document.createElement("span"), { className: "tag tag-warn", textContent: marks.dataset.say });
    tag.dataset.waits = "";
    marks.prepend(tag);
  }
}

async function wakeLater() {
  const ready = await navigator.serviceWorker?.getRegistration("/console/terrain");
  await ready?.sync?.register("ground").catch(() => {});
}

/** Sends what waits; says what stops it. `asked`: by the button. */
export async function sendNow({ asked = false } = {}) {
  const state = await sendAll();
  await show();
  if (state === "down") {
    if (asked) say(box().dataset.down, "warn");
    await wakeLater();
  } else if (state === "ended") {
    say(box().dataset.ended, "warn");
    recover(() => sendNow());
  }
  return state;
}

export async function panel() {
  box().querySelector("[data-send]").addEventListener("click", () => sendNow({ asked: true }));
  addEventListener("online", () => sendNow());
  new BroadcastChannel(TOLD).addEventListener("message", async ({ data }) => {
    say(data.said, data.done ? "ok" : "warn");
    await show();
  });
  await show();
  await sendNow();
}
