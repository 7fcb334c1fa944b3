// A button of the ground: kept in this telephone first, then sent. What was pressed is never lost on the way.

import { say, sendNow, show } from "./field_panel.js";
import { held, keep } from "./field_store.js";

const WIDEST = 2000; // pixels: enough to read a number plate of a lamp post, light enough for a bad network
const QUALITY = 0.85;
const WAIT_MS = 10_000;
const LAST = new Set(["done", "secured", "nothing_found", "need"]); // the place is left

/** Drawn again smaller, which also leaves behind where and when it was taken; as it is when it cannot be. */
async function lighter(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.round(picture.width * scale), height: Math.round(picture.height * scale),
    });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
    return { name: `${file.name.replace(/\.\w+$/, "")}.jpg`, blob: blob ?? file };
  } catch {
    return { name: file.name, blob: file };
  }
}

async function photosOf(form) {
  const photos = [];
  for (const field of ["before", "files"]) {
    for (const file of form.elements[field].files) photos.push({ field, ...(await lighter(file)) });
  }
  return photos;
}

function position() {
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lon: coords.longitude.toFixed(3), lat: coords.latitude.toFixed(3) }),
      () => done({}),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 60_000 },
    );
  });
}

/** What this button still needs, shown at its field by the browser; true when nothing is missing. */
function complete(form, act) {
  const { note, planned_on: day, no_photo: why, files, staged } = form.elements;
  const wants = [
    [note, act === "need" && !note.value.trim() && !form.elements.missing.value, form.dataset.needNote],
    [day, act === "secured" && !day.value, form.dataset.needDay],
    [why, act === "done" && why && !why.value.trim() && !files.files.length && !staged.value, form.dataset.needPhoto],
  ];
  for (const [field, missing, words] of wants) {
    field?.setCustomValidity(missing ? words : "");
    if (!missing) continue;
    const fold = field.closest("details");
    if (fold) fold.open = true;
    field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
    field.reportValidity();
    return false;
  }
  return true;
}

async function saveOf(form, button) {
  const fields = { act: button.value };
  for (const name of ["reference", "number", "seen_version", "note", "planned_on", "no_photo", "missing"]) {
    const value = form.elements[name]?.value;
    if (value) fields[name] = value;
  }
  if (form.elements.here.checked) Object.assign(fields, await position());
  return {
    key: crypto.randomUUID(),
    agent: document.body.dataset.agent,
    pressedAt: new Date().toISOString(),
    label: button.textContent.trim().replace(/\s*:.*$/, ""),
    title: form.dataset.title,
    where: form.dataset.where,
    missing: form.querySelector("[name=missing]:checked")?.labels[0].textContent.trim(),
    path: location.pathname,
    state: "waiting",
    said: "",
    fields,
    photos: await photosOf(form),
  };
}

async function pressed(form, button) {
  if (!complete(form, button.value)) return;
  const save = await saveOf(form, button);
  try {
    await keep(save);
  } catch {
    say(document.querySelector("[data-field-queue]").dataset.full, "warn");
    return;
  }
  if (LAST.has(button.value)) {
    form.hidden = true;
    document.querySelector("[data-field-after]").hidden = false;
  }
  await show();
  await sendNow();
  const stays = (await held()).some((one) => one.key === save.key && one.state === "waiting");
  if (stays) say(document.querySelector("[data-field-queue]").dataset.held, "warn");
  document.querySelector("[data-field-said]").focus();
}

export function fieldForm() {
  const form = document.querySelector("form[data-field-form]");
  if (!form) return;
  if (navigator.geolocation) form.querySelector("[data-field-here]").hidden = false;
  form.dataset.queued = ""; // what waits here needs no session
  form.noValidate = true; // each button needs something else: it is asked as it is pressed
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if ("pressing" in form.dataset) return;
    form.dataset.pressing = "";
    event.submitter.setAttribute("aria-disabled", "true"); // photos take a second to be drawn again
    try {
      await pressed(form, event.submitter);
    } finally {
      delete form.dataset.pressing;
      event.submitter.removeAttribute("aria-disabled");
    }
  });
}
