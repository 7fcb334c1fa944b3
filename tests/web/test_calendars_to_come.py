"""A calendar published on screen for a day to come: shown, read, withdrawn, in force on its day."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from crm.foundation import FrozenClock, Sessions
from crm.promises import calendar_in_force
from tests.promises.house import paris
from tests.web.agents import Browser
from tests.web.test_unit_calendars import made, plain
from workers.promises import bring_calendars_in

LIST = "/console/administration/calendriers"
CENTRE = f"{LIST}/centre"
TYPED = {
    **{f"service-{day}": "9 h - 16 h" for day in ("monday", "tuesday", "thursday", "friday")},
    "opening-monday": "8 h 30 - 18 h",
    "cut_off": "15 h",
    "end_of_service": "16 h",
    "urgent_hours": "4",
    "seen_version": "0",
    "note": "Semaine de quatre jours",
    "effective_on": "2026-09-21",
    "do": "publish",
}
LogIn = Callable[[str], Browser]


@pytest.fixture
def admin(log_in: LogIn, clock: FrozenClock) -> Browser:
    clock.at = paris("2026-09-15 10:00")
    return log_in("config_admin")


def version(sessions: Sessions) -> int:
    with sessions() as session:
        return calendar_in_force(session).version


def coming(page: str) -> str:
    """Its address."""
    found = re.search(rf'href="({LIST}/a-venir/\d+)"', page)
    assert found is not None
    return found[1]


def days(page: str) -> dict[str, str]:
    """« mercredi 23 septembre » → its hours, and whether they change."""
    rows = re.findall(
        r"<tr><td>(.*?)</td>\s*<td[^>]*>(.*?)</td>", page[page.index("Les trente jours à venir") :]
    )
    cells = [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in rows]
    return {
        day.removesuffix(" changé"): hours + (" changé" if "changé" in day else "") for day, hours in cells
    }


def test_it_is_tried_published_for_its_day_shown_and_takes_effect_by_itself(
    admin: Browser, sessions: Sessions, app: Flask, clock: FrozenClock
) -> None:
    tried = days(plain(admin.post(CENTRE, **{**TYPED, "do": "preview"}).text))
    assert tried["lundi 21 septembre"] == "9 h – 16 h changé"
    assert tried["mercredi 23 septembre"] == "fermé changé" and tried["mercredi 16 septembre"] == "8 h – 18 h"
    done = admin.post(CENTRE, **TYPED)
    page = plain(admin.get(done.location).text)
    assert "il prend effet le lundi 21 septembre 2026" in page and version(sessions) == 0
    assert "En vigueur à partir du lundi 21 septembre 2026" in page and "Semaine de quatre jours" in page
    assert 'value="publish"' not in page, "one at a time"
    assert days(page)["mercredi 23 septembre"] == "fermé changé", "what is to come is shown among the days"
    assert 'name="service-wednesday" id="service-wednesday" value="8 h - 18 h"' in page, (
        "and the form says now"
    )
    assert "une autre à partir du lundi 21 septembre 2026" in plain(admin.get(LIST).text)
    read = plain(admin.get(coming(page)).text)
    assert "En vigueur à partir du lundi 21 septembre 2026" in read and "9 h - 16 h" in read
    clock.at = paris("2026-09-21 00:00")
    bring_calendars_in(app.extensions["crm"])
    after = plain(admin.get(CENTRE).text)
    assert version(sessions) == 1 and "Version 1" in after and "En vigueur à partir" not in after
    assert "Semaine de quatre jours" in after and 'value="publish"' in after
    assert admin.get(coming(page)).status_code == 404
    late = admin.post(f"{coming(page)}/retrait")
    assert "Trop tard" in admin.get(late.location).text


def test_withdrawn_it_fills_the_form_to_be_corrected_and_published_again(
    admin: Browser, sessions: Sessions, app: Flask, clock: FrozenClock
) -> None:
    admin.post(CENTRE, **TYPED)
    address = coming(admin.get(CENTRE).text)
    back = admin.post(f"{address}/retrait")
    page = plain(admin.get(back.location).text)
    assert "elle ne prendra pas effet" in page and "remplit le formulaire" in page
    assert 'id="service-monday" value="9 h - 16 h"' in page and 'id="service-wednesday" value=""' in page
    assert 'value="2026-09-21"' in page and "Semaine de quatre jours" in page
    assert 'value="8 h - 18 h"' in admin.get(CENTRE).text, "elsewhere nothing of it is left"
    assert f'href="?reprise={address.rsplit("/", 1)[1]}"' in admin.get(CENTRE).text, "but the way back to it"
    clock.at = paris("2026-09-22 00:00")
    bring_calendars_in(app.extensions["crm"])
    assert version(sessions) == 0
    assert admin.post(CENTRE, **{**TYPED, "effective_on": "2026-09-28"}).status_code == 303
    own = made(admin, effective_on="")
    assert admin.get(own, reprise=address.rsplit("/", 1)[1]).status_code == 404, "it is the centre's"


def test_a_day_that_cannot_be_is_said_on_its_box_and_nothing_typed_is_lost(
    admin: Browser, sessions: Sessions
) -> None:
    for typed, told in (("hier", "Écrivez une date"), ("2026-09-14", "aujourd’hui ou un jour à venir")):
        refused = admin.post(CENTRE, **{**TYPED, "effective_on": typed})
        assert refused.status_code == 422 and told in refused.text
        assert 'href="#effective_on"' in refused.text and f'value="{typed}"' in refused.text
        assert 'value="9 h - 16 h"' in plain(refused.text)
    admin.post(CENTRE, **TYPED)
    second = admin.post(CENTRE, **{**TYPED, "note": "Une autre", "effective_on": ""})
    assert second.status_code == 409 and "une autre version est déjà prévue" in second.text
    assert "Une autre" in second.text and version(sessions) == 0


def test_a_units_calendar_is_planned_too_and_only_by_an_administrator(
    admin: Browser, log_in: LogIn, sessions: Sessions
) -> None:
    own = made(admin)
    seen = admin.form(own)["seen_version"]
    told = {**TYPED, "name": "Collecte d’hiver", "seen_version": str(seen)}
    assert admin.post(own, **told).status_code == 303
    page = plain(admin.get(own).text)
    assert "En vigueur à partir du lundi 21 septembre 2026" in page
    other = log_in("supervisor")
    assert other.get(coming(page)).status_code == 404
    assert other.post(f"{coming(page)}/retrait").status_code == 404
    assert "Collecte d’hiver" in plain(admin.get(coming(page)).text)
