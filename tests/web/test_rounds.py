"""Make a round of what is ticked, change it with the keyboard, print it, follow it on a telephone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions
from crm.web.rounds.drawing import draw_map, frame_of
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
NEW = "/console/tournees/nouvelle"


@pytest.fixture
def potholes(world: World, sessions: Sessions, clock: FrozenClock) -> list[str]:
    """Three of the roads unit, the second the nearest to the depot."""
    return [
        world.case(
            sessions, clock, object=f"Trou {lon}", place=given.place(lon=lon, lat=43.6, label=f"Km {lon}")
        )
        for lon in (3.92, 3.901, 3.91)
    ]


@pytest.fixture
def made(log_in: Enter, world: World, potholes: list[str]) -> str:
    """The address of the round of the three."""
    told = {"unit_id": world.services["voirie"], "day": "2026-09-16", "plans": "1", "name": "Centre"}
    depot = {"lon": "3.9", "lat": "43.6", "start_text": "Dépôt"}
    answer = log_in("team_lead").post(NEW, case=potholes, **told, **depot)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def _stops(page: str) -> list[str]:
    return re.findall(r"<strong>\d\. <bdi>Km ([\d.]+)</bdi>", page)


def test_what_is_ticked_becomes_a_round_in_order_and_on_its_day(
    log_in: Enter, potholes: list[str], made: str
) -> None:
    lead = log_in("team_lead")
    assert "Faire une tournée" in lead.get("/console/files/a-traiter").text
    page = lead.get(made).text
    assert _stops(page) == ["3.901", "3.91", "3.92"] and "Dépôt" in page and "<svg" in page
    assert f"/console/terrain/{potholes[0]}" in page
    assert "Planifiée" in lead.get(f"/console/demandes/{potholes[0]}").text
    assert "Centre" in log_in("field_agent").get("/console/tournees").text
    assert "Monter" not in log_in("field_agent").get(made).text


def test_a_stop_goes_up_down_and_off(log_in: Enter, made: str) -> None:
    lead = log_in("team_lead")
    page = lead.get(made).text
    stop = re.findall(r'name="up" value="(\d+)"', page)[-1]
    seen = lead.form(made)["seen_version"]
    moved = lead.post(f"{made}/ordre", up=stop, seen_version=seen)
    assert moved.status_code == 303 and moved.headers["Location"].endswith(f"#stop-{stop}")
    assert _stops(lead.get(made).text) == ["3.901", "3.92", "3.91"]
    late = lead.post(f"{made}/ordre", down=stop, seen_version=seen)
    assert late.status_code == 409 and "changé entre-temps" in late.text
    seen = lead.form(made)["seen_version"]
    assert lead.post(f"{made}/retrait", stop=stop, seen_version=seen).status_code == 303
    assert _stops(lead.get(made).text) == ["3.901", "3.91"]
    assert lead.post(f"{made}/annulation").status_code == 303
    assert lead.get(made).status_code == 404


def test_it_prints_with_its_map(log_in: Enter, made: str) -> None:
    paper = log_in("field_agent").get(f"{made}/feuille.pdf")
    assert paper.mimetype == "application/pdf" and paper.data.startswith(b"%PDF")
    assert log_in("lighting").get(f"{made}/feuille.pdf").status_code == 404


def test_what_is_wrong_is_said_and_the_choice_is_kept(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, potholes: list[str]
) -> None:
    lead = log_in("team_lead")
    done = world.case(sessions, clock, CaseState.RESOLVED)
    asked = lead.get(f"{NEW}?case={potholes[0]}&case={done}&case=12&order={potholes[1]}.x").text
    assert "plus à faire" in asked and asked.count('name="case"') == 1
    told = {"unit_id": world.services["voirie"], "case": potholes}
    refused = lead.post(NEW, **told, day="")
    assert refused.status_code == 422 and "Remplissez cette case" in refused.text
    assert refused.text.count('name="case"') == 3
    assert lead.post(NEW, **told, day="2020-01-01").status_code == 422
    assert lead.post(NEW, **{**told, "unit_id": 1_000_000}, day="2026-09-16").status_code == 404
    nothing = lead.get(NEW)
    assert nothing.status_code == 303 and nothing.headers["Location"] == "/console/files/a-traiter"


def test_what_another_round_has_is_said_and_left_out_unless_it_is_ticked_again(
    log_in: Enter, world: World, made: str, potholes: list[str]
) -> None:
    lead = log_in("team_lead")
    asked = lead.get(NEW, case=potholes).text
    assert "3 arrêts sont déjà dans une tournée" in asked and "mercredi 16 septembre 2026 · Centre" in asked
    assert not re.search(r'name="case" value="[^"]+" checked', asked)
    told = {"unit_id": world.services["voirie"], "day": "2026-09-16", "case": potholes[:2]}
    unseen = lead.post(NEW, **told, known=potholes[0])
    assert unseen.status_code == 422 and "laissez-le, ou cochez-le encore" in unseen.text
    assert (
        f'value="{potholes[0]}" checked' in unseen.text
        and f'value="{potholes[1]}" checked' not in unseen.text
    )
    both = lead.post(NEW, **told, known=potholes[:2])
    assert both.status_code == 303 and sorted(_stops(lead.get(both.headers["Location"]).text)) == [
        "3.901",
        "3.92",
    ]
    lead.post(f"{made}/annulation")
    assert f'value="{potholes[2]}" checked' in lead.get(NEW, case=potholes[2]).text


def test_two_stops_at_one_place_are_both_seen_on_the_map() -> None:
    frame = frame_of([(3.9, 43.6), (3.95, 43.6)])
    assert frame is not None
    streets = [(f"Rue {letter}", [(3.92, 43.6), (3.93, 43.601)]) for letter in "AB"]
    empty = {"type": "FeatureCollection", "features": []}
    drawn = draw_map(frame, empty, streets, [(1, (3.9, 43.6)), (2, (3.9, 43.6)), (3, (3.95, 43.6))], None)
    assert re.findall(r">([^<>]+)</text>", drawn) == ["Rue A", "3", "1, 2"]
