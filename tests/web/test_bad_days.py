"""The database goes away while agents work."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.doors import lose_database
from tests.web.agents import Browser

Enter = Callable[[str], Browser]


def test_an_agent_whose_database_is_lost_is_told_so(app: Flask, log_in: Enter) -> None:
    browser, held = log_in("supervisor"), app.extensions["crm"]
    assert browser.get("/console/files/toutes").status_code == 200
    lose_database(app)
    for path in ("/console/files/toutes", "/console/demandes/nouvelle"):
        page = browser.get(path)
        assert page.status_code == 503 and "Réessayez" in page.text
    assert {browser.get(path).status_code for path in ("/", "/suivi", "/login")} == {200}
    app.extensions["crm"] = held
    assert browser.get("/console/files/toutes").status_code == 200, "still logged in"
