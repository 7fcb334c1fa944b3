// Keeps the pages of today's work in this telephone: the list, each place of it, what they are made of.

const PREFIX = "ground-";
const LIST = "/console/terrain";
const STAMP = "x-kept";

export const cacheOf = (agent) => `${PREFIX}${agent}`;
const ofGround = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

/** Nothing of somebody else stays on a shared telephone. */
export async function dropOthers(agent) {
  const others = (await ofGround()).filter((name) => name !== cacheOf(agent));
  await Promise.all(others.map((name) => caches.delete(name)));
}

export async function dropAll() {
  await Promise.all((await ofGround()).map((name) => caches.delete(name)));
}

/** The page itself says since when it is kept: the clock of the server may be another. */
const dated = (html) => html.replace("<body ", `<body data-kept-at="${new Date().toISOString()}" `);

/**
 * `stamp`: what it was made of; the same needs no second look. Returns the links of the page when it was read.
 * Throws when it could not be: no network, no session, a server in trouble.
 */
async function keepPage(cache, path, stamp = "") {
  const known = await cache.match(path);
  if (stamp && known?.headers.get(STAMP) === stamp) return [];
  const answer = await fetch(path, { redirect: "manual" });
  if (answer.status === 404) {
    await cache.delete(path); // no longer ours
    return [];
  }
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const html = await answer.text();
  const headers = { "content-type": "text/html; charset=utf-8", [STAMP]: stamp };
  for (const name of ["content-security-policy", "permissions-policy", "referrer-policy"]) {
    if (answer.headers.has(name)) headers[name] = answer.headers.get(name);
  }
  await cache.put(path, new Response(dated(html), { headers }));
  await keepFiles(cache, [...html.matchAll(/<img src="(\/console\/[^"]+\/apercu)"/g)].map(([, path]) => path));
  return linksOf(new DOMParser().parseFromString(html, "text/html"));
}

const linksOf = (page) => [...page.querySelectorAll("a[data-keep]")].map((link) => [link.getAttribute("href"), link.dataset.keep]);

async function keepFiles(cache, paths) {
  for (const path of paths) {
    if (await cache.match(path)) continue;
    const answer = await fetch(path).catch(() => null);
    if (answer?.ok) await cache.put(path, answer);
  }
}

function madeOf() {
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname);
  const linked = [...document.querySelectorAll("link[href], script[src]")].map((one) => new URL(one.href || one.src).pathname);
  return [...new Set([...loaded, ...linked])].filter((path) => path.startsWith("/static/"));
}

/** Keeps this page and the places it leads to, those of its rounds too; forgets what the list leads to no more. */
export async function keepPages(agent, main) {
  const cache = await caches.open(cacheOf(agent));
  await keepFiles(cache, madeOf());
  if ("keep" in main.dataset) await keepPage(cache, location.pathname);
  const wanted = new Map(linksOf(main));
  let all = true;
  for (const [path, version] of wanted) {
    const found = await keepPage(cache, path, version && `${version} ${main.dataset.field}`).catch(() => null);
    all &&= found !== null;
    for (const [further, its] of found ?? []) if (!wanted.has(further)) wanted.set(further, its);
  }
  if (!all || location.pathname !== LIST) return; // a round that did not open may lead to what is kept
  const places = (await cache.keys()).map(({ url }) => new URL(url).pathname).filter((path) => path.startsWith(`${LIST}/`));
  for (const path of places) if (!wanted.has(path)) await cache.delete(path);
}
