// How long a message is, for the channel that carries it: said while it is written. The server counts again.

// GSM 03.38: anything else makes the whole message UCS-2, where a part holds less than half.
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€\f]*$/;
const TWICE = /[\^{}\\[~\]|€\f]/g;

export function smsParts(text) {
  if (!text) return 0;
  const [places, alone, joined] = GSM.test(text) ? [text.length + (text.match(TWICE) ?? []).length, 160, 153] : [text.length, 70, 67];
  return places <= alone ? 1 : Math.ceil(places / joined);
}

function say(composer) {
  const box = composer.querySelector("textarea");
  const limit = Number(composer.dataset.limit);
  const over = box.value.length - limit;
  const sms = composer.dataset.channel === "sms";
  const words = over > 0 ? composer.dataset.sayOver.replace("{n}", over) : (sms ? composer.dataset.saySms : composer.dataset.say).replace("{n}", box.value.length);
  const said = composer.querySelector("[data-composed]");
  said.textContent = words.replace("{limit}", limit.toLocaleString(document.documentElement.lang)).replace("{parts}", smsParts(box.value));
  said.classList.toggle("error", over > 0);
}

export function composers() {
  for (const composer of document.querySelectorAll("[data-composer]")) {
    composer.addEventListener("input", () => say(composer));
  }
}
