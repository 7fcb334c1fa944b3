"""One box for everything, the desk's own commune and nothing else, and what did not get through."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.foundation import Delivery, FrozenClock, Sessions
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    """A bin of Aubreval, asked by Aïcha Diallo."""
    return world.case(sessions, clock, category_code="DECH-01")


def _search(browser: Browser, text: str) -> tuple[int, str]:
    asked = browser.post("/console/recherche", q=text)
    assert (asked.status_code, asked.headers["Location"]) == (303, "/console/recherche"), (
        "no name in an address"
    )
    answer = browser.get("/console/recherche")
    return answer.status_code, answer.headers.get("Location", "") or answer.text


@pytest.mark.parametrize("between", ["-", " ", "", " · "])
def test_a_reference_opens_its_case_however_it_is_typed(log_in: Enter, reference: str, between: str) -> None:
    status, where = _search(log_in("advisor"), reference.replace("-", between))
    assert (status, where) == (302, f"/console/demandes/{reference}")


def test_a_mistyped_reference_is_said_without_looking_it_up(log_in: Enter, reference: str) -> None:
    wrong = reference[:-1] + str((int(reference[-1]) + 1) % 10)
    status, page = _search(log_in("advisor"), wrong)
    assert status == 200 and "vérifiez les deux derniers chiffres" in page


@pytest.mark.parametrize("typed", ["Diallo", "diallo aicha", "0639980001", "980001", "aicha.di", "DIALO"])
def test_a_usager_is_found_by_name_number_or_address(log_in: Enter, reference: str, typed: str) -> None:
    status, page = _search(log_in("advisor"), typed)
    assert status == 200 and "Diallo" in page, typed


def test_nothing_found_says_what_to_try(log_in: Enter) -> None:
    assert "Rien trouvé." in _search(log_in("advisor"), "Zzyzx")[1]


def test_a_usagers_page_shows_the_demands_within_reach(
    log_in: Enter, reference: str, sessions: Sessions
) -> None:
    with sessions() as session:
        who = session.scalar(sa.text("SELECT contact_id FROM cases"))
    assert reference in log_in("advisor").get(f"/console/usagers/{who}").text
    elsewhere = log_in("neighbour").get(f"/console/usagers/{who}").text
    assert "motif" in elsewhere and reference not in elsewhere and "Diallo" not in elsewhere
    assert log_in("team_lead").get(f"/console/usagers/{who}").status_code == 404
    assert log_in("advisor").get("/console/usagers/999999").status_code == 404


def test_a_desk_knows_the_usagers_of_its_own_demands_and_no_others(
    log_in: Enter, reference: str, sessions: Sessions
) -> None:
    with sessions() as session:
        who = session.scalar(sa.text("SELECT contact_id FROM cases"))
    found = {
        name: (
            "Diallo" in _search(log_in(name), "aicha")[1],
            len(log_in(name).post("/console/aides/usagers", q="0639980001").json["items"]),  # type: ignore[index]
            "06 39 98 00 01" in log_in(name).post("/console/aides/usager", contact=str(who)).text,
        )
        for name in ("advisor", "desk_agent", "neighbour")
    }
    assert found == {
        "advisor": (True, 1, True),
        "desk_agent": (True, 1, True),
        "neighbour": (False, 0, False),
    }


def test_a_desk_sees_its_commune_and_nothing_else(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, reference: str
) -> None:
    theirs = world.case(sessions, clock, category_code="DECH-01", place=given.place(given.NEIGHBOUR))
    desk = log_in("desk_agent")
    page = desk.get("/console/files/toutes").text
    assert reference in page and theirs not in page
    assert desk.get(f"/console/demandes/{theirs}").status_code == 404
    assert "Aucune demande de ce numéro" in _search(desk, theirs)[1]
    assert desk.post(f"/console/demandes/{theirs}/note", text="Vu").status_code == 404
    assert {
        log_in(who).get(f"/console/demandes/{reference}").status_code for who in ("advisor", "supervisor")
    } == {200}


def test_a_desk_sees_what_it_created_elsewhere(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    elsewhere = given.place(given.NEIGHBOUR)
    mine = world.case(sessions, clock, origin_insee=given.TOWN, place=elsewhere, category_code="DECH-01")
    assert log_in("desk_agent").get(f"/console/demandes/{mine}").status_code == 200


def test_what_did_not_get_through_is_shown_and_tried_again(
    log_in: Enter, reference: str, sessions: Sessions, clock: FrozenClock
) -> None:
    with sessions.begin() as session:
        session.execute(
            sa.update(Delivery).values(parked_at=clock.now(), attempts=8, last_error="unavailable")
        )
    browser = log_in("config_admin")
    page = browser.get("/console/envois").text
    assert reference in page and "Le serveur ne répond pas" in page
    with sessions() as session:
        parked = session.scalars(sa.select(Delivery.id)).first()
    assert browser.post(f"/console/envois/{parked}").status_code == 303
    with sessions() as session:
        again = session.get_one(Delivery, parked)
        assert (again.parked_at, again.attempts) == (None, 0)
    assert browser.post("/console/envois/999999").status_code == 404


def test_a_long_list_is_read_page_by_page(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    made = {world.case(sessions, clock, contact_id=None) for _ in range(53)}
    browser = log_in("advisor")
    first = browser.get("/console/files/toutes").text
    after = first.split("apres=")[1].split('"')[0]
    second = browser.get("/console/files/toutes", apres=after).text
    seen = [{reference for reference in made if f">{reference}<" in page} for page in (first, second)]
    assert [len(page) for page in seen] == [50, 3]
    assert seen[0] | seen[1] == made
    assert browser.get("/console/files/toutes", apres="n’importe quoi").status_code == 200
    assert browser.get("/console/files/inconnue").status_code == 404
