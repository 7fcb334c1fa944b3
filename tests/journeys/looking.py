"""Looking at a screen: a machine finds its faults; with LOOK_INTO=folder, its picture is kept for people."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

from crm.foundation import ROOT

_ASKED = (
    "axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 160)).join(' ')]))"
)


def violations(page: Page) -> list[list[str]]:
    """What axe finds; it is put in by the debugger: our own policy lets no stranger's script in."""
    axe = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": axe})
    found: list[list[str]] = page.evaluate(_ASKED)
    return found


def no_fault(page: Page) -> None:
    assert violations(page) == []


def look(page: Page, name: str, *, whole: bool = False) -> None:
    if folder := os.environ.get("LOOK_INTO"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole, caret="initial")


# Put in before the scripts of a page: what it is about to do within a moment, and what it fetches.
TELLS_WHAT_IS_DUE = """(() => {
  const [later, never, ask] = [setTimeout, clearTimeout, fetch], due = new Set();
  window.allIsDone = () => !due.size && !document.querySelector(".htmx-request");
  window.setTimeout = (act, pause = 0, ...given) => {
    const id = later(() => { try { act(...given); } finally { due.delete(id); } }, pause);
    if (pause <= 300) due.add(id); // a help waits no longer for the next letter
    return id;
  };
  window.clearTimeout = (id) => { due.delete(id); never(id); };
  window.fetch = (...what) => {
    const answer = ask(...what), read = answer.then((one) => one.clone().arrayBuffer());
    due.add(answer);
    read.catch(() => {}).finally(() => later(() => due.delete(answer)));
    return answer;
  };
})()"""


def settled(page: Page) -> None:
    """The helps have answered: leaving in the middle of a question is not what is being looked at."""
    page.wait_for_function("() => allIsDone()")


def answered(page: Page) -> None:
    """What the screen has asked for since it opened is there."""
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
