"""The database goes away while agents work."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from crm.foundation import Sessions
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


def test_a_schema_of_another_version_is_not_served(app: Flask, log_in: Enter, sessions: Sessions) -> None:
    with sessions.begin() as session:
        right = session.scalar(sa.text("SELECT version_num FROM alembic_version"))
        session.execute(sa.text("UPDATE alembic_version SET version_num = 'another'"))
    browser = log_in("advisor")
    assert {browser.get(path).status_code for path in ("/console/files/toutes", "/", "/login")} == {503}
    assert browser.get("/healthz").status_code == 200
    assert "crm db upgrade" in browser.get("/readyz").json["checks"]["migrations"]  # type: ignore[index]
    with sessions.begin() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = :right"), {"right": right})
    assert browser.get("/console/files/toutes").status_code == 200
