// Builds assets/ into crm/http/static/: hashed files and manifest.json (logical name -> file name).
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { watch } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "..");
const OUT = join(ROOT, "crm/http/static");
const STYLES = ["console", "portal", "map"];
const SCRIPTS = ["console", "field", "portal"];
const WORKER = "field_worker";
// Bootstrap 5.3 still speaks the older Sass; its warnings are not ours to mend.
const OLD_SASS = ["import", "global-builtin", "color-functions", "if-function"];

/** Leaflet ships plain CSS: inline it, without the images and the IE behaviour that we never use. */
const leafletImporter = {
  canonicalize: (url) => (url === "leaflet/dist/leaflet" ? new URL("leaflet:css") : null),
  load: async () => {
    const css = await readFile(join(ROOT, "node_modules/leaflet/dist/leaflet.css"), "utf8");
    return { contents: css.replace(/^.*(behavior:|background-image:\s*url).*$/gm, ""), syntax: "css" };
  },
};

async function style(name) {
  const compiled = await sass.compileAsync(join(HERE, "scss", `${name}.scss`), {
    importers: [leafletImporter, { findFileUrl: (url) => url.startsWith("bootstrap/")
      ? new URL(url, pathToFileURL(join(ROOT, "node_modules") + "/")) : null }],
    silenceDeprecations: OLD_SASS,
    quietDeps: true,
  });
  const { code } = await esbuild.transform(compiled.css, { loader: "css", minify: true, target: "es2022" });
  if (/url\(\s*["']?data:/.test(code)) throw new Error(`${name}.css holds a data: image; draw it otherwise`);
  const hash = createHash("sha256").update(code).digest("hex").slice(0, 8);
  const file = `${name}-${hash}.css`;
  await writeFile(join(OUT, file), code);
  return [`${name}.css`, file];
}

/** Small pictures keep their name and take a hash. */
async function picture(name) {
  const bytes = await readFile(join(HERE, "img", name));
  const [stem, end] = name.split(".");
  const file = `${stem}-${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}.${end}`;
  await writeFile(join(OUT, file), bytes);
  return [name, file];
}

async function scripts(mapCss) {
  const { metafile } = await esbuild.build({
    entryPoints: SCRIPTS.map((name) => join(HERE, "js", `${name}.js`)),
    outdir: OUT,
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    metafile: true,
    legalComments: "external",
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[name]-[hash]",
    define: { MAP_CSS: JSON.stringify(mapCss) },
    logLevel: "warning",
  });
  return Object.entries(metafile.outputs)
    .filter(([, output]) => output.entryPoint?.startsWith("assets/js/"))
    .map(([path, output]) => [output.entryPoint.split("/").pop(), path.split("/").pop()])
    .filter(([name]) => SCRIPTS.includes(name.replace(".js", "")));
}

/** A worker is one file: browsers compare it whole to know whether it changed. */
async function worker() {
  const { metafile } = await esbuild.build({
    entryPoints: [join(HERE, "js", `${WORKER}.js`)],
    outdir: OUT,
    absWorkingDir: ROOT,
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    metafile: true,
    entryNames: "[name]-[hash]",
    logLevel: "warning",
  });
  return [`${WORKER}.js`, Object.keys(metafile.outputs)[0].split("/").pop()];
}

async function build() {
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  const styles = await Promise.all(STYLES.map(style));
  const pictures = await Promise.all((await readdir(join(HERE, "img"))).map(picture));
  const manifest = Object.fromEntries([...styles, ...pictures, ...(await scripts(Object.fromEntries(styles)["map.css"])), await worker()]);
  await writeFile(join(OUT, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
  return manifest;
}

async function sizes() {
  for (const file of (await readdir(OUT)).sort()) {
    const bytes = gzipSync(await readFile(join(OUT, file)), { level: 9 }).length;
    console.log(`${(bytes / 1000).toFixed(1).padStart(7)} KB gzip  ${file}`);
  }
}

await build();
if (process.argv.includes("--sizes")) await sizes();
if (process.argv.includes("--watch")) {
  let waiting;
  watch(HERE, { recursive: true }, () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch((error) => console.error(error.message)), 100);
  });
}
