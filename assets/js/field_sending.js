// Sends what waits, in order, one sender at a time: the page and the worker may both wake when the network is back.

import { forget, held, keep } from "./field_store.js";

export const DOOR = "/console/terrain/envois";
export const TOLD = "ground"; // the channel on which pages hear that something left
const JSON_ONLY = { Accept: "application/json" };

/** Asks who is logged in: {state: "ok", csrf, agent}, or {state: "ended" | "down"}. */
async function who() {
  try {
    const answer = await fetch("/console/session", { headers: JSON_ONLY });
    if (answer.status === 401) return { state: "ended" };
    return answer.ok ? { state: "ok", ...(await answer.json()) } : { state: "down" };
  } catch {
    return { state: "down" };
  }
}

function bodyOf(save) {
  const body = new FormData();
  for (const [name, value] of Object.entries(save.fields)) body.append(name, value);
  body.append("agent", save.agent);
  body.append("key", save.key);
  body.append("pressed_at", save.pressedAt);
  for (const { field, name, blob } of save.photos) body.append(field, blob, name);
  return body;
}

/** "ok", "ended" or "down"; what became of the save is written with it, or it is forgotten once it is done. */
async function send(save, csrf) {
  let answer;
  let told;
  try {
    answer = await fetch(DOOR, { method: "POST", body: bodyOf(save), headers: { ...JSON_ONLY, "X-CSRFToken": csrf } });
    told = answer.ok ? await answer.json() : {}; // cut on the way, or the page of a hotel’s network: not from us
  } catch {
    return "down";
  }
  if (answer.status === 401) return "ended";
  if (answer.status === 429 || answer.status >= 500) return "down";
  if (told.done) {
    await forget(save.key);
    news({ key: save.key, done: true, said: told.said });
    return "ok";
  }
  const state = answer.ok ? "kept" : [403, 404].includes(answer.status) ? "gone" : "refused";
  await keep({ ...save, photos: answer.ok ? [] : save.photos, state, said: told.said ?? "" });
  news({ key: save.key, done: false, said: told.said ?? "" });
  return "ok";
}

function news(what) {
  const channel = new BroadcastChannel(TOLD);
  channel.postMessage(what);
  channel.close();
}

export const waits = (save) => save.state === "waiting";

/** Sends all that waits for whoever is logged in. Returns "ok", "ended" or "down". */
export function sendAll() {
  return navigator.locks.request("ground-sending", async () => {
    if (!(await held()).some(waits)) return "ok";
    const there = await who();
    if (there.state !== "ok") return there.state;
    for (const save of (await held()).filter((one) => waits(one) && one.agent === String(there.agent))) {
      const state = await send(save, there.csrf);
      if (state !== "ok") return state;
    }
    return "ok";
  });
}
