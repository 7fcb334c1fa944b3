// The worker of the ground: a page from the network, else the one kept; and what waits is sent when it may.

import { sendAll } from "./field_sending.js";

const LIST = "/console/terrain";
const PATIENCE_MS = 5000; // one bar of network is worse than none

addEventListener("install", () => skipWaiting());

const kept = (path) => caches.match(path, { ignoreSearch: true, ignoreVary: true });
const later = () => new Promise((done) => { setTimeout(done, PATIENCE_MS); });

async function page(request) {
  const { pathname } = new URL(request.url);
  const asked = fetch(request).then((answer) => (answer.status >= 502 ? null : answer), () => null);
  const first = await Promise.race([asked, later()]);
  if (first) return first;
  const held = await kept(pathname);
  if (held) return held;
  const answer = await asked;
  if (answer) return answer;
  return (await kept(LIST)) ? Response.redirect(`${LIST}?absente=1`) : Response.error();
}

async function file(request) {
  return (await kept(new URL(request.url).pathname)) ?? fetch(request);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/static/") || pathname.endsWith("/apercu")) event.respondWith(file(request));
});

addEventListener("sync", (event) => {
  if (event.tag !== "ground") return;
  // a failure makes the browser try again by itself
  event.waitUntil(sendAll().then((state) => { if (state === "down") throw new Error("no network"); }));
});
