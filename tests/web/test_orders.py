"""The list « Interventions », one order and its acts; what a unit sees of a case that is not its own."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from crm.cases import CaseState
from crm.cases.orders.models import WorkOrder
from crm.foundation import FrozenClock, Sessions
from tests.given import kept_case
from tests.web.agents import Browser
from tests.web.test_statements import counting, growing, in_words
from tests.web.world import World

__all__ = ["counting", "growing"]
Enter = Callable[[str], Browser]
LIST = "/console/interventions"


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    """A pothole that the roads unit leads, and that has a lamp post in its way."""
    return world.case(sessions, clock, object="Un trou devant le 12, mon nom est Diallo")


@pytest.fixture
def asked(log_in: Enter, world: World, reference: str) -> str:
    """The page of the order that the roads unit asked of lighting."""
    told = {"unit_id": world.services["eclairage"], "work": "Couper le mât 12.", "key": "k" * 24}
    for _ in range(2):  # a bad network
        answer = log_in("team_lead").post(f"/console/demandes/{reference}/interventions", **told)
        assert answer.status_code == 303
    return f"{LIST}/{reference}/1"


def _act(browser: Browser, page: str, act: str, **told: object) -> int:
    return browser.post(page, **{**browser.form(page), "act": act, **told}).status_code


def _order(sessions: Sessions) -> WorkOrder:
    with sessions() as session:
        return session.scalars(sa.select(WorkOrder)).one()


def test_another_unit_finds_it_in_its_list_and_does_it(
    log_in: Enter, asked: str, reference: str, sessions: Sessions
) -> None:
    lighting, roads = log_in("lighting"), log_in("team_lead")
    assert (
        asked in lighting.get(LIST).text and "Couper le mât 12." in lighting.get(LIST, liste="a-prendre").text
    )
    assert asked not in roads.get(LIST).text, "what one asks of another is not one's own work"
    assert log_in("lighting").get(f"/console/demandes/{reference}").status_code == 404
    page = lighting.get(asked).text
    assert "Couper le mât 12." in page and "Aïcha" not in page and "exemple.fr" not in page
    assert _act(lighting, asked, "accept") == 303
    assert _act(lighting, asked, "plan", planned_on="2026-09-18", slot="morning", crew="Nacelle 2") == 303
    assert "Nacelle 2" in lighting.get(LIST, liste="prevues").text
    assert _act(lighting, asked, "finish", outcome="F", report="Courant coupé.", no_photo="De nuit.") == 303
    assert _order(sessions).state == "done" and kept_case(sessions, reference).work_ended_at is not None
    # then the lead is told, in its list and on the case
    assert reference in roads.get("/console/files/interventions-faites").text
    case = roads.get(f"/console/demandes/{reference}").text
    assert "C’est le moment de rendre compte" in case and "Intervention n° 1 terminée" in case.replace(
        "\xa0", " "
    )
    assert "Courant coupé." in case
    assert (
        "Rendre compte, pour que l’usager" in roads.get(f"/console/demandes/{reference}/interventions").text
    )


def test_a_form_sent_twice_is_one_act(log_in: Enter, asked: str, sessions: Sessions) -> None:
    lighting = log_in("lighting")
    form = {**lighting.form(asked), "act": "accept"}
    assert [lighting.post(asked, **form).status_code for _ in range(2)] == [303, 303]
    assert "Déjà reçu" in lighting.get(asked).text
    assert _order(sessions).state == "accepted"


def test_photos_of_the_place_are_shown_to_who_owes_the_order(
    log_in: Enter, asked: str, reference: str
) -> None:
    drawn = BytesIO()
    Image.new("RGB", (640, 480), "grey").save(drawn, "JPEG")
    drawn.seek(0)
    lighting = log_in("lighting")
    form = {**lighting.form(asked), "act": "finish", "outcome": "F", "report": "Fait."}
    sent = lighting.post(asked, **form, files=(drawn, "apres.jpg"))
    assert sent.status_code == 303, sent.text
    page = lighting.get(asked).text
    start = page.index(f"{asked}/fichiers/")
    address = page[start : page.index('"', start)]
    assert lighting.get(address).status_code == 200
    assert log_in("field_agent").get(address).status_code == 200, "by its case, which the roads unit has"
    assert log_in("desk_agent").get(address).status_code == 200, "as any demand of its commune"
    assert log_in("neighbour").get(address).status_code == 404


@pytest.mark.parametrize(
    ("act", "told", "said"),
    [
        ("plan", {"planned_on": ""}, "Remplissez cette case"),
        ("plan", {"planned_on": "demain"}, "Écrivez une date"),
        ("secure", {"repair_on": "2020-01-01"}, "Choisissez aujourd’hui"),
        ("finish", {"outcome": "F", "report": ""}, "Remplissez cette case"),
        ("finish", {"outcome": "Z", "report": "Fait."}, "Choisissez dans la liste"),
        ("send_back", {"reason": "wrong_unit", "motive": ""}, "Remplissez cette case"),
        ("send_back", {"reason": "?", "motive": "Non."}, "Choisissez dans la liste"),
    ],
)
def test_what_is_missing_is_said_and_the_text_is_kept(
    log_in: Enter, asked: str, act: str, told: dict[str, str], said: str
) -> None:
    lighting = log_in("lighting")
    answer = lighting.post(asked, **{**lighting.form(asked), "act": act, "report": "Mon texte", **told})
    assert answer.status_code == 422 and said in answer.text


def test_somebody_else_changed_it_first(log_in: Enter, asked: str) -> None:
    lighting = log_in("lighting")
    form = {**lighting.form(asked), "seen_version": "9", "act": "plan", "planned_on": "2026-09-18"}
    answer = lighting.post(asked, **form)
    assert answer.status_code == 409 and "changé entre-temps" in answer.text and "2026-09-18" in answer.text


def test_a_unit_resolves_once_nothing_is_left_and_may_take_an_order_back(
    log_in: Enter, asked: str, reference: str, sessions: Sessions
) -> None:
    lead = log_in("team_lead")
    report = {
        "outcome": "R",
        "report": "Rien à faire.",
        "seen_version": kept_case(sessions, reference).version,
    }
    refused = lead.post(f"/console/demandes/{reference}/compte-rendu", **report)
    assert refused.status_code == 422 and "une intervention à faire" in refused.text
    assert _act(lead, asked, "accept") == 404, "nor is it the lead's to accept"
    assert _act(lead, asked, "withdraw", withdrawal="") == 422
    assert _act(lead, asked, "withdraw", withdrawal="Inutile.") == 303
    assert "Inutile." in log_in("lighting").get(asked).text
    assert lead.post(f"/console/demandes/{reference}/compte-rendu", **report).status_code == 303


@pytest.mark.parametrize(
    ("who", "expected"), [("field_agent", 404), ("lighting", 404), ("neighbour", 404), ("advisor", 303)]
)
def test_who_may_ask(log_in: Enter, world: World, reference: str, who: str, expected: int) -> None:
    told = {"unit_id": world.services["eclairage"], "work": "Couper.", "key": "k" * 24}
    answer = log_in(who).post(f"/console/demandes/{reference}/interventions", **told)
    assert answer.status_code == expected


def test_the_ground_sees_what_is_planned(log_in: Enter, trench: str) -> None:
    assert "Reboucher" not in log_in("field_agent").get("/console/terrain").text
    assert _act(log_in("team_lead"), f"{LIST}/{trench}/1", "plan", planned_on="2026-09-16") == 303
    ground = log_in("field_agent").get("/console/terrain").text
    assert "Reboucher la tranchée." in ground and f"/console/terrain/{trench}/1" in ground
    page = log_in("field_agent").get(f"{LIST}/{trench}/1").text
    assert 'value="finish"' in page and 'value="plan"' not in page and 'value="send_back"' not in page


def test_pages_follow_one_another_without_a_hole(
    log_in: Enter, world: World, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.web.orders.views.PAGE", 2)
    for number in range(3):
        told = {"unit_id": world.services["eclairage"], "work": f"Mât {number}.", "key": f"{number}" * 24}
        log_in("advisor").post(f"/console/demandes/{reference}/interventions", **told)
    first = log_in("lighting").get(LIST).text
    assert "Mât 0." in first and "Mât 1." in first and "Mât 2." not in first
    start = first.index("apres=")
    after = first[start + 6 : first.index('"', start)].partition("&")[0]
    second = log_in("lighting").get(LIST, apres=after).text
    assert "Mât 2." in second and "Mât 1." not in second


@pytest.mark.parametrize(("who", "most"), [("lighting", 8), ("supervisor", 8)])
def test_the_list_costs_the_same_however_long(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, counting: Callable[[], object],
    who: str, most: int,
) -> None:  # fmt: skip
    asked = []
    for rank in range(2):
        for number in range(4):
            told = {"unit_id": world.services["eclairage"], "work": "Couper.", "key": f"{rank}{number}" * 12}
            case = world.case(sessions, clock, CaseState.ASSIGNED)
            assert (
                log_in("advisor").post(f"/console/demandes/{case}/interventions", **told).status_code == 303
            )
        browser = log_in(who)
        browser.get(LIST)
        with counting() as said:  # type: ignore[attr-defined]
            browser.get(LIST)
        asked.append(list(said))
    assert len(asked[0]) == len(asked[1]) <= most, in_words(asked[1])
