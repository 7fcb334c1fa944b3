"""More stops for a round: ticked in a list or chosen near it; its sheet and its telephone page follow."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
Opened = Callable[[float], str]
ADD, NEW, DAY = "/console/tournees/ajout", "/console/tournees/nouvelle", "2026-09-16"


@pytest.fixture
def pothole(world: World, sessions: Sessions, clock: FrozenClock) -> Opened:
    def opened(lon: float) -> str:
        spot = given.place(lon=lon, lat=43.6, label=f"Km {lon}", sector_code="99801-OUEST")
        return world.case(sessions, clock, object=f"Trou {lon}", place=spot)

    return opened


@pytest.fixture
def made(log_in: Enter, world: World, pothole: Opened) -> str:
    """The address of a round of one stop."""
    told = {"unit_id": world.services["voirie"], "day": DAY, "plans": "1", "name": "Centre"}
    return log_in("team_lead").post(NEW, case=pothole(3.901), **told).headers["Location"]


def _stops(page: str) -> list[str]:
    return re.findall(r"<strong>\d\. <bdi>Km ([\d.]+)</bdi>", page)


def _round(page: str) -> str:
    """What stands in the box or the list of rounds: `12.1`."""
    (found,) = re.findall(r'name="round" value="([\d.]+)"|<option value="([\d.]+)" selected', page)
    return "".join(found)


def test_what_is_ticked_in_a_list_goes_to_the_round_that_is_chosen(
    log_in: Enter, made: str, pothole: Opened
) -> None:
    lead, more = log_in("team_lead"), pothole(3.92)
    assert "Ajouter à une tournée" in lead.get("/console/files/a-traiter").text
    page = lead.get(ADD, case=more).text
    here = re.findall(r'<option value="([\d.]+)">[^<]*Centre', page)[0]
    answer = lead.post(ADD, round=here, case=more, plans="1")
    assert answer.status_code == 303 and answer.headers["Location"].endswith(made)
    page = lead.get(made).text
    assert _stops(page) == ["3.901", "3.92"] and "1 arrêt ajouté à la fin" in page
    phone = log_in("field_agent").get(f"/console/terrain/tournees/{made.rpartition('/')[2]}").text
    assert _stops(phone) == ["3.901", "3.92"]
    sheet = PdfReader(BytesIO(lead.get(f"{made}/feuille.pdf").data))
    assert "Km 3.92" in " ".join(one.extract_text() for one in sheet.pages)
    case = lead.get(f"/console/demandes/{more}").text
    assert "Mise dans la tournée du mercredi 16 septembre 2026" in case and "Planifiée" in case


def test_from_the_round_one_chooses_what_is_left_in_its_sectors(
    log_in: Enter, made: str, pothole: Opened
) -> None:
    lead, near = log_in("team_lead"), pothole(3.93)
    page = lead.get(ADD, tournee=made.rpartition("/")[2]).text
    assert f'value="{near}"' in page and "Km 3.901" not in page
    assert re.search(r'name="case" value="[^"]+" checked', page) is None
    told = {"tournee": made.rpartition("/")[2], "round": _round(page)}
    nothing = lead.post(ADD, **told)
    assert nothing.status_code == 422 and "choisissez d’autres arrêts" in nothing.text
    assert lead.post(ADD, **told, case=near).status_code == 303
    assert _stops(lead.get(made).text) == ["3.901", "3.93"]
    stop = re.findall(r'name="stop" value="(\d+)"', lead.get(made).text)[-1]
    lead.post(f"{made}/retrait", stop=stop, seen_version=lead.form(made)["seen_version"])
    assert _stops(lead.get(made).text) == ["3.901"]
    assert "Retirée de la tournée du mercredi 16" in lead.get(f"/console/demandes/{near}").text


def test_two_at_once_the_second_is_told_and_keeps_the_choice(
    log_in: Enter, made: str, pothole: Opened
) -> None:
    lead, boss, one, other = log_in("team_lead"), log_in("supervisor"), pothole(3.92), pothole(3.93)
    told = {"tournee": made.rpartition("/")[2]}
    seen = _round(lead.get(ADD, **told).text)
    assert boss.post(ADD, **told, round=seen, case=one).status_code == 303
    late = lead.post(ADD, **told, round=seen, case=other)
    assert late.status_code == 409 and "a changé pendant ce temps" in late.text
    assert f'value="{other}" checked' in late.text and f'value="{one}"' not in late.text
    assert lead.post(ADD, **told, round=_round(late.text), case=other).status_code == 303
    assert _stops(lead.get(made).text) == ["3.901", "3.92", "3.93"]


def test_a_round_that_went_meanwhile_leaves_the_choice(log_in: Enter, made: str, pothole: Opened) -> None:
    lead, more = log_in("team_lead"), pothole(3.92)
    here = f"{made.rpartition('/')[2]}.1"
    lead.post(f"{made}/annulation")
    late = lead.post(ADD, round=here, case=more)
    assert late.status_code == 404 and "pas de tournée aujourd’hui ni les jours suivants" in late.text
    assert f"{NEW}?case={more}" in late.text


def test_out_of_reach_it_does_not_exist(
    log_in: Enter, made: str, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    theirs = world.case(sessions, clock, CaseState.ASSIGNED, category_code="ECLA-01")
    other, round_id = log_in("lighting"), made.rpartition("/")[2]
    assert other.get(ADD, tournee=round_id).status_code == 404
    assert other.post(ADD, tournee=round_id, round=f"{round_id}.1", case=theirs).status_code == 404
    assert other.post(ADD, round=f"{round_id}.1", case=theirs).status_code == 404
    assert log_in("field_agent").get(ADD, tournee=round_id).status_code == 404
    nothing = log_in("team_lead").get(ADD)
    assert nothing.status_code == 303 and nothing.headers["Location"] == "/console/files/a-traiter"
