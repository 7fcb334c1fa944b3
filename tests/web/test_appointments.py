"""Moments opened in one form, one taken from a case in three gestures, changed by their usager."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.appointments import signed_appointment
from crm.appointments.models import Appointment
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.reactions import REACTIONS
from tests.acting import act
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
SLOTS = "/console/rendez-vous/creneaux"


def _form(world: World, **more: str) -> dict[str, str]:
    return {
        "key": "form-1",
        "owner": f"u{world.services['voirie']}",
        "meeting": "video",
        "place": "https://visio.example/salle",
        "first_on": "2026-09-16",
        "last_on": "2026-09-16",
        "weekdays": "2",
        "begins": "14:00",
        "ends": "15:00",
        "minutes": "30",
        "seats": "1",
        **more,
    }


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock, log_in: Enter) -> str:
    assert log_in("team_lead").post(SLOTS, **_form(world)).status_code == 303
    return world.case(sessions, clock)


def _slots(page: str) -> list[str]:
    return re.findall(r'name="slot" value="(\d+)"', page)


def _book(browser: Browser, reference: str, slot: str, key: str = "k") -> int:
    return browser.post(f"/console/demandes/{reference}/rendez-vous", slot=slot, key=key).status_code


@pytest.mark.parametrize("place", ["ftp://x", "la salle bleue", "https://", "http://visio.example/salle"])
def test_a_video_room_is_an_https_address(world: World, log_in: Enter, place: str) -> None:
    refused = log_in("team_lead").post(SLOTS, **_form(world, place=place))
    assert refused.status_code == 422 and "commence par https://" in refused.text and place in refused.text


def test_a_service_opens_its_moments_and_nobody_elses(world: World, log_in: Enter) -> None:
    lead = log_in("team_lead")
    refused = lead.post(SLOTS, **_form(world, weekdays="", begins="midi"))
    assert refused.status_code == 422 and "14:30" in refused.text
    assert lead.post(SLOTS, **_form(world, owner=f"u{world.services['eclairage']}")).status_code == 403
    assert "2 moments ouverts" in _after(lead, lead.post(SLOTS, **_form(world)))
    assert "déjà ouverts" in _after(lead, lead.post(SLOTS, **_form(world)))
    assert "Aucun moment" in log_in("lighting").get(SLOTS).text


def _after(browser: Browser, answer: object) -> str:
    return browser.get(answer.location).text  # type: ignore[attr-defined]


def test_from_the_case_to_the_appointment_in_three_gestures(log_in: Enter, reference: str) -> None:
    advisor = log_in("advisor")
    case = advisor.get(f"/console/demandes/{reference}").text
    assert f"/console/demandes/{reference}/rendez-vous" in case  # one: the link
    page = advisor.get(f"/console/demandes/{reference}/rendez-vous").text
    first, second = _slots(page)  # two: the moment
    assert _book(advisor, reference, first) == 303  # three: the button
    after = advisor.get(f"/console/demandes/{reference}/rendez-vous").text
    assert "mercredi 16 septembre 2026, 14" in after and _slots(after) == [second]
    assert "Rendez-vous pris pour le 16 septembre" in advisor.get(f"/console/demandes/{reference}").text
    that_day = advisor.get("/console/rendez-vous", jour="2026-09-16").text
    assert reference in that_day and "Diallo" in that_day and "Qui vient" in that_day
    assert reference not in log_in("neighbour").get("/console/rendez-vous", jour="2026-09-16").text


def test_a_demand_closed_with_somebody_still_expected_says_so(
    log_in: Enter, reference: str, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    advisor = log_in("advisor")
    first, _second = _slots(advisor.get(f"/console/demandes/{reference}/rendez-vous").text)
    assert _book(advisor, reference, first) == 303
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        act(uow, world.book, reference, "resolve")
    assert "Voir, déplacer ou annuler" in advisor.get(f"/console/demandes/{reference}/reponse").text
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        act(uow, world.book, reference, "close")
    closed = advisor.get(f"/console/demandes/{reference}").text
    assert "Rendez-vous le mercredi 16 septembre 2026" in closed and "encore attendu" in closed


def test_who_is_anonymous_is_told_by_the_agent(
    world: World, sessions: Sessions, clock: FrozenClock, log_in: Enter, reference: str
) -> None:
    advisor = log_in("advisor")
    anonymous = world.case(sessions, clock, contact_id=None, answer_channel="none")
    page = f"/console/demandes/{anonymous}/rendez-vous"
    taken = advisor.post(page, slot=_slots(advisor.get(page).text)[0], key="k")
    after = _after(advisor, taken)
    assert "Rien ne part" in after
    (off,) = re.findall(r'action="(/console/rendez-vous/\d+/annulation)"', after)
    assert "Rien ne part" in _after(advisor, advisor.post(off))


def test_the_second_agent_is_told_no_and_shown_what_is_left(
    world: World, sessions: Sessions, clock: FrozenClock, log_in: Enter, reference: str
) -> None:
    first, second = _slots(log_in("advisor").get(f"/console/demandes/{reference}/rendez-vous").text)
    assert _book(log_in("advisor"), reference, first) == 303
    other = world.case(sessions, clock)
    refused = log_in("supervisor").post(f"/console/demandes/{other}/rendez-vous", slot=first, key="other")
    assert refused.status_code == 409 and "vient d’être pris" in refused.text
    assert _slots(refused.text) == [second]


def test_an_appointment_of_another_case_is_none_here(
    world: World, sessions: Sessions, clock: FrozenClock, log_in: Enter, reference: str
) -> None:
    advisor = log_in("advisor")
    first, second = _slots(advisor.get(f"/console/demandes/{reference}/rendez-vous").text)
    _book(advisor, reference, first)
    with sessions() as session:
        (booked,) = session.scalars(sa.select(Appointment.id))
    other = world.case(sessions, clock)
    moved = advisor.post(f"/console/demandes/{other}/rendez-vous", slot=second, moved=str(booked))
    assert moved.status_code == 404
    assert log_in("lighting").post(f"/console/rendez-vous/{booked}/annulation").status_code == 404


def test_the_usager_changes_it_by_their_link_and_by_no_other(
    app: Flask, sessions: Sessions, log_in: Enter, reference: str
) -> None:
    advisor, anybody = log_in("advisor"), app.test_client()
    first, _second = _slots(advisor.get(f"/console/demandes/{reference}/rendez-vous").text)
    _book(advisor, reference, first)
    with sessions() as session:
        (booked,) = session.scalars(sa.select(Appointment.id))
    secret = app.extensions["crm"].settings.secret_key.get_secret_value()
    link = f"/rendez-vous/{signed_appointment(secret, booked)}"
    assert anybody.get(f"/rendez-vous/{signed_appointment('guessed', booked)}").status_code == 404
    page = anybody.get(link)
    assert "mercredi 16 septembre" in page.text and page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert anybody.get(f"{link}/agenda.ics").mimetype == "text/calendar"
    assert anybody.get(f"{link}/annuler").status_code == 405  # a scanner of mails cancels nothing
    (other,) = _slots(page.text)
    assert anybody.post(f"{link}/deplacer", data={"slot": "999999"}).status_code == 409
    assert anybody.post(f"{link}/deplacer", data={"slot": other}).status_code == 303
    assert "14 h 30".replace(" ", "\u202f") in anybody.get(link).text
    assert anybody.post(f"{link}/annuler").status_code == 303
    assert "annulé" in anybody.get(link).text
    assert len(_slots(advisor.get(f"/console/demandes/{reference}/rendez-vous").text)) == 2
