// Entry of the public pages that want it; every page works without.

import { combobox } from "./combobox.js";
import { errorSummary } from "./errors.js";
import { files } from "./files.js";
import { locate } from "./locate.js";
import { maps } from "./map.js";
import { menus } from "./menus.js";
import { once } from "./once.js";

for (const element of document.querySelectorAll("[data-with-script]")) element.hidden = false;
once();
menus();
errorSummary();
combobox(document);
files(document);
maps(document);
if (document.querySelector("[data-passkey]")) import("./passkeys.js").then((keys) => keys.passkeys());
locate();
