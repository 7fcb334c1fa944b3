// Entry of the public pages that want it; every page works without.

import { combobox } from "./combobox.js";
import { errorSummary } from "./errors.js";
import { maps } from "./map.js";
import { menus } from "./menus.js";
import { once } from "./once.js";

once();
menus();
errorSummary();
combobox(document);
maps(document);
