"""A calendar for units that work other hours: made on screen, given on their sheet, told in the directory."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from crm.cases import CaseState
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.promises import follow_facts, own_calendars, reckon_round, reckoning
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.world import World

AT = "/console/administration/calendriers"
_DAYS = ("tuesday", "wednesday", "thursday", "friday", "saturday")
_TYPED = {
    "name": "Collecte, matin et samedi",
    **{f"service-{day}": "5 h - 12 h" for day in _DAYS},
    "cut_off": "11:00",
    "end_of_service": "12:00",
    "closure_on": "2026-09-15",
    "closure_until": "",
    "closure_repeats": "once",
    "closure_label": "Inventaire",
    "note": "Horaires de la collecte",
    "do": "publish",
}
LogIn = Callable[[str], Browser]


@pytest.fixture
def admin(log_in: LogIn) -> Browser:
    return log_in("config_admin")


def made(admin: Browser, **changed: str) -> str:
    """Its address."""
    answer = admin.post(f"{AT}/nouveau", **{**_TYPED, **changed})
    assert answer.status_code == 303
    return answer.location


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_it_is_made_from_the_centres_tried_then_published_with_a_name_and_a_note(
    admin: Browser, sessions: Sessions
) -> None:
    assert 'value="8 h - 18 h"' in admin.get(f"{AT}/nouveau").text
    tried = admin.post(f"{AT}/nouveau", **{**_TYPED, "do": "preview"})
    assert tried.status_code == 200 and "Inventaire" in tried.text and "changé" in tried.text
    nameless = admin.post(f"{AT}/nouveau", **{**_TYPED, "name": " ", "note": ""})
    assert nameless.status_code == 422 and nameless.text.count("Remplissez cette case.") >= 2
    assert "Inventaire" in nameless.text, "nothing typed is lost"
    unread = {**_TYPED, "name": " ", "note": "", "service-tuesday": "huit heures"}
    all_at_once = admin.post(f"{AT}/nouveau", **unread)
    assert all_at_once.status_code == 422
    assert {'href="#name"', 'href="#note"', 'href="#service-tuesday"'} <= set(
        re.findall(r'href="#[\w-]+"', all_at_once.text)
    )
    with sessions() as session:
        assert own_calendars(session) == []
    page = plain(admin.get(made(admin)).text)
    assert "Horaires de la collecte" in page and "Aucun : choisissez ce calendrier" in page
    assert "accueil" not in page.partition("<form")[2].partition("</form>")[0], "nobody answers by it"
    listed = plain(admin.get(AT).text)
    assert "Collecte, matin et samedi" in listed and "du mardi au samedi de 5 h à 12 h" in listed
    assert "du lundi au vendredi de 8 h à 18 h" in listed
    twice = admin.post(f"{AT}/nouveau", **_TYPED)
    assert twice.status_code == 422 and "Ce nom est déjà pris" in twice.text


def test_nobody_could_work_by_it(admin: Browser, sessions: Sessions) -> None:
    refused = admin.post(f"{AT}/nouveau", **{**_TYPED, **{f"service-{day}": "" for day in _DAYS}})
    assert refused.status_code == 422 and "un jour au moins" in refused.text and "Inventaire" in refused.text
    with sessions() as session:
        assert own_calendars(session) == []


def test_given_to_a_unit_its_cases_say_by_which_calendar(
    admin: Browser, log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, CaseState.ASSIGNED, category_code="VOIR-01")
    kept = Units(sessions, clock, REACTIONS)
    with kept.begin(SYSTEM) as uow:
        follow_facts(uow, reckoning(uow.session))
    address, calendar = f"/console/demandes/{reference}/promesses", made(admin)
    assert "calendrier de départ" in log_in("advisor").get(address).text
    unit = f"/console/administration/services/{world.services['voirie']}"
    assert "du lundi au vendredi" in admin.get(unit).text
    answer = admin.post(f"{unit}/calendrier", calendar_id=calendar.rpartition("/")[2], seen_calendar="")
    assert answer.location == unit
    page = plain(admin.get(unit).text)
    assert "Travaille du mardi au samedi de 5 h à 12 h." in page and "Fermé aujourd’hui" in page
    assert "Calendrier de travail changé." in page
    assert f'href="{unit}"' in admin.get(calendar).text
    with kept.begin(SYSTEM) as uow:
        assert reckon_round(uow, reckoning(uow.session)) == 0
    told = plain(log_in("advisor").get(address).text)
    assert "calendrier « Collecte, matin et samedi », version 1" in told and "calendrier de départ" in told
    assert "1 / 1" in admin.get(calendar).text, "one clock was reckoned again"
    assert "Fermé aujourd’hui" in (found := plain(log_in("supervisor").get("/console/annuaire").text))
    assert "Travaille du mardi au samedi de 5 h à 12 h." in found


def test_two_administrators_at_once(admin: Browser, log_in: LogIn, world: World) -> None:
    calendar, other = made(admin), made(admin, name="Mairie")
    first = admin.post(calendar, **{**_TYPED, "seen_version": "1"})
    late = admin.post(calendar, **{**_TYPED, "closure_label": "Grand ménage", "seen_version": "1"})
    assert (first.status_code, late.status_code) == (303, 409)
    assert "Un collègue vient de publier" in late.text and "Grand ménage" in late.text
    assert 'name="seen_version" value="3"' in late.text, "theirs is now known: mine may be published over it"
    unit = f"/console/administration/services/{world.services['voirie']}"
    one, two = (address.rpartition("/")[2] for address in (calendar, other))
    admin.post(f"{unit}/calendrier", calendar_id=one, seen_calendar="")
    admin.post(f"{unit}/calendrier", calendar_id=two, seen_calendar="")
    page = admin.get(unit).text
    assert "Un collègue vient de changer" in page and f'<option value="{one}" selected>' in page
    admin.post(f"{unit}/calendrier", calendar_id="rien", seen_calendar=one)
    page = admin.get(unit).text
    assert "choisissez-en un autre" in page and f'<option value="{one}" selected>' in page


def test_a_calendar_in_use_is_not_retired_and_the_units_are_named(admin: Browser, world: World) -> None:
    calendar = made(admin)
    unit = f"/console/administration/services/{world.services['voirie']}"
    given = calendar.rpartition("/")[2]
    admin.post(f"{unit}/calendrier", calendar_id=given, seen_calendar="")
    assert "Retirer ce calendrier" not in admin.get(calendar).text
    admin.post(f"{calendar}/retrait")
    assert "Ce calendrier sert encore à : Voirie." in plain(admin.get(calendar).text)
    admin.post(f"{unit}/calendrier", calendar_id="", seen_calendar=given)
    admin.post(f"{calendar}/retrait")
    assert "Retiré : aucun service ne peut plus le suivre." in plain(admin.get(calendar).text)
    assert f'<option value="{given}"' not in admin.get(unit).text
    admin.post(f"{calendar}/reprise")
    assert f'<option value="{given}"' in admin.get(unit).text


def test_only_who_keeps_calendars_comes_here(admin: Browser, log_in: LogIn) -> None:
    calendar = made(admin)
    for who in ("supervisor", "team_lead"):
        browser = log_in(who)
        assert {browser.get(address).status_code for address in (AT, f"{AT}/nouveau", calendar)} == {404}
        assert browser.post(f"{calendar}/retrait").status_code == 404
