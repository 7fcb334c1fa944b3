"""Roles are given and taken with a reason, which the agent's history keeps; what they allow is not set."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
import sqlalchemy as sa

from crm.foundation import Sessions
from crm.staff import Grant
from tests.given import TOWN
from tests.web.agents import Browser
from tests.web.world import World

LogIn = Callable[[str], Browser]
AT = "/console/administration"
NEW = {
    "first_name": "Odile",
    "last_name": "Ravel",
    "organization_code": "metropole",
    "role": "desk_agent",
    "grant_insee": TOWN,
}


@pytest.fixture
def admin(log_in: LogIn) -> Browser:
    return log_in("config_admin")


def _plain(page: str) -> str:
    """With plain spaces only."""
    return re.sub(r"[\u202f\xa0]", " ", page)


def _history(browser: Browser, path: str) -> str:
    """As it is read, without its tags."""
    page = _plain(browser.get(path).text)
    told = page[page.index('<ol class="timeline">') :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", told[: told.index("</ol>")])).split())


def _grant_id(sessions: Sessions, agent_id: int, role: str) -> int:
    with sessions() as session:
        held = sa.select(Grant.id).where(Grant.agent_id == agent_id, Grant.role == role)
        return session.scalars(held).one()


def test_a_role_given_or_taken_ends_sessions_and_is_told_on_the_sheet(
    admin: Browser, log_in: LogIn, world: World, sessions: Sessions
) -> None:
    agent_id, browser = world.ids["advisor"], log_in("advisor")
    sheet = f"{AT}/agents/{agent_id}"
    assert browser.get("/console/demandes/nouvelle").status_code == 200
    desk = {"role": "desk_agent", "grant_insee": TOWN}
    told = admin.post(f"{sheet}/roles", **desk, note="Remplace Mme Roux <jusqu’en juin>")
    assert told.status_code == 303
    assert browser.get("/console/demandes/nouvelle").status_code == 302, "the session is over"
    assert "Rôle donné : Guichet de mairie, Aubreval. Remplace Mme Roux <jusqu’en juin>" in _history(
        admin, sheet
    )
    admin.post(f"{sheet}/roles", **desk, note="Encore")
    again = admin.get(sheet).text
    assert "rien n’a changé" in again and "Encore" not in again, "nothing happened: nothing is told"
    taken = f"{sheet}/roles/{_grant_id(sessions, agent_id, 'desk_agent')}/retrait"
    admin.post(taken, note="Elle est revenue")
    read = _history(admin, sheet)
    assert "Rôle retiré : Guichet de mairie, Aubreval. Elle est revenue" in read
    missing = admin.post(f"{sheet}/roles", role="team_lead")
    assert missing.status_code == 422 and "choisissez lequel" in missing.text


def test_a_role_is_neither_given_nor_taken_without_saying_why(
    admin: Browser, world: World, sessions: Sessions
) -> None:
    agent_id = world.ids["advisor"]
    sheet = f"{AT}/agents/{agent_id}"
    unsaid = admin.post(f"{sheet}/roles", role="desk_agent", grant_insee=TOWN, note="  ")
    assert unsaid.status_code == 422 and 'href="#note"' in unsaid.text
    assert f'<option value="{TOWN}" selected>' in unsaid.text, "what was chosen is still there"
    nothing = admin.post(f"{sheet}/roles", role="team_lead", note="")
    assert 'href="#note"' in nothing.text and 'href="#role"' in nothing.text, "both are told at once"
    advisor = _grant_id(sessions, agent_id, "advisor")
    kept = admin.post(f"{sheet}/roles/{advisor}/retrait", note="")
    assert kept.status_code == 422
    assert f'href="#note-{advisor}"' in kept.text and f'id="note-{advisor}-error"' in kept.text
    assert "<details open>" in kept.text, "the box to fill is in sight"
    assert _grant_id(sessions, agent_id, "advisor") == advisor
    assert "Rôle donné" not in kept.text and "Rôle retiré" not in kept.text


def test_an_invitation_is_a_reason_and_another_may_be_said(admin: Browser) -> None:
    alone = admin.post(f"{AT}/agents/nouveau", **NEW, email="sans.note@rivebois.example")
    assert "Compte créé. Rôle : Guichet de mairie." in _history(admin, alone.location)
    noted = {"email": "avec.note@rivebois.example", "note": "Ouverture du samedi"}
    said = admin.post(f"{AT}/agents/nouveau", **NEW, **noted)
    assert "Compte créé. Rôle : Guichet de mairie. Ouverture du samedi" in _history(admin, said.location)


def test_what_a_role_may_do_is_read_and_cannot_be_changed(admin: Browser) -> None:
    page = _plain(admin.get(f"{AT}/roles").text)
    assert "le même dans toutes les collectivités" in page and "qui exploite le logiciel" in page
    main = page[page.index("<main") : page.index("</main>")]
    assert "<form" not in main and "<input" not in main
    assert admin.post(f"{AT}/roles", role="advisor").status_code == 405
