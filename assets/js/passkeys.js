// Passkeys: the browser asks its owner, then the form carries what it answered. Without them a code does the same.

const ASK = {
  create: (told) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(told) }),
  get: (told) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(told) }),
};

async function ceremony(form, say) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams(new FormData(form)), headers });
  if (answer.redirected) return location.assign(answer.url); // too long after the password
  const told = await answer.json();
  if (!answer.ok) return say(told.title);
  const credential = await ASK[form.dataset.passkey](told);
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  form.submit();
}

function wake(form) {
  const said = form.querySelector("[data-refused]");
  const say = (text) => {
    said.textContent = text;
    said.hidden = !text;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if ("asking" in form.dataset) return;
    form.dataset.asking = "";
    say("");
    await ceremony(form, say).catch(() => say(form.dataset.gone));
    delete form.dataset.asking;
  });
  form.hidden = false;
}

export function passkeys() {
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) return;
  for (const part of document.querySelectorAll("[data-passkey-only]")) part.hidden = false;
  for (const form of document.querySelectorAll("form[data-passkey]")) wake(form);
}
