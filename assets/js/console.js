// Entry of the agents' screens.

import { answerDraft } from "./answer_draft.js";
import { around } from "./around.js";
import { assist } from "./assist.js";
import { boards } from "./board.js";
import { call } from "./call.js";
import { caller } from "./caller.js";
import { comfort } from "./comfort.js";
import { combobox } from "./combobox.js";
import { dangers } from "./danger.js";
import { composers } from "./composer.js";
import { drafts } from "./drafts.js";
import { errorSummary } from "./errors.js";
import { files } from "./files.js";
import { finding } from "./find.js";
import { helpNow } from "./help_now.js";
import { lists } from "./list.js";
import { maps } from "./map.js";
import { mentions } from "./mentions.js";
import { menus } from "./menus.js";
import { near } from "./near.js";
import { once } from "./once.js";
import { palette } from "./palette.js";
import { presence } from "./presence.js";
import { session } from "./session.js";
import { picks } from "./pick.js";
import { ring } from "./ring.js";
import { dress, shortcuts } from "./shortcuts.js";
import { sorting } from "./sorting.js";
import { suggestions } from "./suggestions.js";
import { undo } from "./undo.js";

function wake(root) {
  combobox(root);
  files(root);
  suggestions(root);
  maps(root);
  dress(root);
}

session();
once();
drafts();
palette();
comfort();
boards();
around();
answerDraft();
presence();
undo();
lists();
menus();
picks();
shortcuts();
errorSummary();
finding();
call();
caller();
dangers();
near();
composers();
sorting();
ring();
helpNow();
mentions();
wake(document);
assist(wake);
