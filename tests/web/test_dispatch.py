"""« À qualifier »: several at once with a motive, where ones like them went, a unit's queue handed on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState
from crm.foundation import EventRow, FrozenClock, Sessions
from crm.interactions import Interaction
from crm.staff import Unit
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
PAGE = "/console/a-qualifier"


@pytest.fixture
def opened(world: World, sessions: Sessions, clock: FrozenClock) -> Callable[..., str]:
    return lambda *state, **told: world.case(sessions, clock, *state, **told)


def _boxes(browser: Browser, **query: str) -> dict[str, str]:
    """Reference → what its box sends."""
    values = re.findall(r'name="case" value="([^"]+)"', browser.get(PAGE, **query).text)
    return {value.partition("|")[0]: value for value in values}


def _unit_of(sessions: Sessions, reference: str) -> int | None:
    with sessions() as session:
        return session.execute(sa.select(Case.unit_id).where(Case.reference == reference)).scalar_one()


def test_several_are_entrusted_at_once_and_each_keeps_the_motive(
    log_in: Enter, opened: Callable[..., str], sessions: Sessions, world: World
) -> None:
    wanted = [opened(CaseState.REGISTERED) for _ in range(3)]
    browser = log_in("supervisor")
    boxes = _boxes(browser)
    assert set(boxes) == set(wanted)
    unit = str(world.services["voirie"])
    answer = browser.post(PAGE, case=[boxes[r] for r in wanted[:2]], unit_id=unit, motive="Domaine public.")
    assert answer.status_code == 200 and "2 demandes confiées" in answer.text
    assert [_unit_of(sessions, r) for r in wanted] == [world.services["voirie"]] * 2 + [None]
    with sessions() as session:
        notes = session.scalars(sa.select(Interaction.body).where(Interaction.kind == "routing")).all()
        facts = sa.select(EventRow.actor_id).where(
            EventRow.kind == "case.routed", EventRow.data["interaction_id"].is_not(None)
        )
        assert set(session.scalars(facts)) == {world.ids["supervisor"]}
    assert notes == ["Domaine public."] * 2


def test_one_that_changed_meanwhile_holds_back_no_other(
    log_in: Enter, opened: Callable[..., str], sessions: Sessions, world: World
) -> None:
    taken, free = opened(CaseState.REGISTERED), opened(CaseState.REGISTERED)
    browser, colleague = log_in("supervisor"), log_in("advisor")
    boxes, unit = _boxes(browser), str(world.services["voirie"])
    told = {"unit_id": str(world.services["eclairage"]), "motive": "C’est un mât."}
    seen = colleague.form(f"/console/demandes/{taken}")["seen_version"]
    assert (
        colleague.post(f"/console/demandes/{taken}/affectation", seen_version=seen, **told).status_code == 303
    )
    answer = browser.post(PAGE, case=[boxes[taken], boxes[free]], unit_id=unit, motive="Voirie.")
    assert "a changé entre-temps" in answer.text and "Une demande confiée" in answer.text
    services = world.services
    assert (_unit_of(sessions, taken), _unit_of(sessions, free)) == (
        services["eclairage"],
        services["voirie"],
    )


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"motive": " "}, "Écrivez pourquoi"),
        ({"unit_id": ""}, "Choisissez un service"),
        ({"unit_id": "x"}, "Choisissez un service"),
        ({"case": []}, "Cochez au moins une demande"),
    ],
)
def test_what_is_missing_is_said_and_what_was_ticked_stays(
    log_in: Enter, opened: Callable[..., str], world: World, missing: dict[str, str], said: str
) -> None:
    reference = opened(CaseState.REGISTERED)
    browser = log_in("supervisor")
    told = {"case": [_boxes(browser)[reference]], "unit_id": "proposed", "motive": "Parce que.", **missing}
    answer = browser.post(PAGE, **told)
    assert answer.status_code == 422 and said in answer.text
    assert ("checked" in answer.text.partition("<tbody>")[2].partition("</tbody>")[0]) is (
        "case" not in missing
    )


def test_where_ones_like_it_went_is_proposed(
    log_in: Enter, opened: Callable[..., str], sessions: Sessions, world: World
) -> None:
    for category in ("VIE-01", "VIE-01"):
        past = opened(CaseState.REGISTERED, category_code=category)
        lead = log_in("supervisor")
        lead.post(PAGE, case=[_boxes(lead)[past]], unit_id=str(world.services["voirie"]), motive="Voirie.")
        for act, fields in (
            ("prise-en-charge", {}),
            ("compte-rendu", {"outcome": "F", "report": "Fait."}),
            ("reponse", {"outcome": "F", "no_answer_reason": "does_not_wish"}),
        ):
            seen = lead.form(f"/console/demandes/{past}")
            version = re.search(r'seen_version" value="(\d+)"', lead.get(f"/console/demandes/{past}").text)
            fields = {**fields, "seen_version": version[1] if version else seen["seen_version"]}
            assert lead.post(f"/console/demandes/{past}/{act}", **fields).status_code == 303
    reference = opened(CaseState.REGISTERED, category_code="VIE-01")
    elsewhere = opened(CaseState.REGISTERED, category_code="VIE-01", place=given.place(given.NEIGHBOUR))
    browser = log_in("supervisor")
    assert "2 sur 2 semblables" in browser.get(PAGE).text
    boxes = _boxes(browser)
    told = {"unit_id": "proposed", "motive": "Comme d’habitude."}
    answer = browser.post(PAGE, case=[boxes[reference], boxes[elsewhere]], **told)
    assert "Aucune proposition pour cette demande" in answer.text
    assert _unit_of(sessions, reference) == world.services["voirie"]
    assert _unit_of(sessions, elsewhere) is None


def test_the_queue_of_a_unit_that_closed_goes_to_another(
    log_in: Enter, opened: Callable[..., str], sessions: Sessions, world: World
) -> None:
    held = [opened(CaseState.ASSIGNED), opened(CaseState.IN_PROGRESS)]
    done = opened(CaseState.RESOLVED)
    roads, lighting = world.services["voirie"], world.services["eclairage"]
    with sessions() as session:
        session.execute(sa.update(Unit).where(Unit.id == roads).values(is_active=False))
        session.commit()
    browser = log_in("supervisor")
    page = browser.get(PAGE).text
    assert "n’est plus en activité et garde 2 demandes" in page
    boxes = _boxes(browser, service=str(roads))
    assert set(boxes) == set(held) and done not in boxes
    told = {"unit_id": str(lighting), "motive": "Service fermé.", "service": str(roads)}
    answer = browser.post(f"{PAGE}?service={roads}", case=list(boxes.values()), **told)
    assert "2 demandes confiées" in answer.text
    assert {_unit_of(sessions, r) for r in held} == {lighting}


def test_only_who_moves_cases_finds_the_page(log_in: Enter) -> None:
    for who in ("advisor", "desk_agent", "team_lead", "field_agent", "config_admin"):
        assert log_in(who).get(PAGE).status_code == 404
    supervisor = log_in("supervisor")
    assert 'href="/console/a-qualifier"' in supervisor.get("/console/tableau").text
    assert supervisor.get(PAGE, service="x").status_code == 404
