// Entry of the agents' screens.

import { assist } from "./assist.js";
import { combobox } from "./combobox.js";
import { errorSummary } from "./errors.js";
import { lists } from "./list.js";
import { maps } from "./map.js";
import { menus } from "./menus.js";
import { once } from "./once.js";
import { dress, shortcuts } from "./shortcuts.js";
import { suggestions } from "./suggestions.js";

function wake(root) {
  combobox(root);
  suggestions(root);
  maps(root);
  dress(root);
}

once();
lists();
menus();
shortcuts();
errorSummary();
wake(document);
assist(wake);
