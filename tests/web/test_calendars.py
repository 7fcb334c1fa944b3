"""« Calendrier du centre » on screen: tried, refused, published with a note; and the promises of a case."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm.cases import CaseState
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.promises import calendar_in_force, follow_facts, reckoning
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.world import World

_ADDRESS = "/console/administration/calendriers/centre"
_WEEK = {f"service-{day}": "8 h - 12 h, 13 h 30 - 17:30" for day in ("monday", "tuesday", "friday")}
_TYPED = {
    **_WEEK,
    "opening-monday": "8 h 30 – 18 h",
    "cut_off": "17:00",
    "end_of_service": "17:30",
    "urgent_hours": "4",
    "alsace_moselle": "1",
    "closure_on": "2026-09-18",
    "closure_until": "",
    "closure_repeats": "yearly",
    "closure_label": "Fête de la ville",
}
LogIn = Callable[[str], Browser]


def in_force(sessions: Sessions) -> tuple[int, dict[str, object]]:
    with sessions() as session:
        kept = calendar_in_force(session)
    return kept.version, dict(kept.written)


def test_an_administrator_tries_then_publishes_with_a_note(log_in: LogIn, sessions: Sessions) -> None:
    browser = log_in("config_admin")
    assert "Version de départ" in browser.get(_ADDRESS).text
    tried = browser.post(_ADDRESS, **_TYPED, do="preview", seen_version="0")
    assert tried.status_code == 200 and "Fête de la ville" in tried.text and "changé" in tried.text
    assert in_force(sessions)[0] == 0
    unsaid = browser.post(_ADDRESS, **_TYPED, do="publish", seen_version="0")
    assert unsaid.status_code == 422 and "Remplissez" in unsaid.text and "Fête de la ville" in unsaid.text
    done = browser.post(_ADDRESS, **_TYPED, do="publish", seen_version="0", note="Pause de midi")
    assert done.status_code == 303
    version, written = in_force(sessions)
    assert version == 1
    assert written["service_hours"]["monday"] == ["08:00-12:00", "13:30-17:30"]  # type: ignore[index]
    assert written["working_days"] == ["monday", "tuesday", "friday"]
    assert written["opening_hours"] == {"monday": ["08:30-18:00"]}
    page = browser.get(_ADDRESS).text
    assert "Pause de midi" in page and "Version 1" in page
    assert "Fête de la ville" in browser.get("/console/administration/calendriers/versions/1").text


def test_the_first_publication_starts_from_the_setting_of_the_place(
    log_in: LogIn, sessions: Sessions
) -> None:
    def box() -> str:
        page = log_in("config_admin").get(_ADDRESS).text
        return next(line for line in page.splitlines() if 'name="alsace_moselle"' in line)

    assert "checked" not in box()
    sessions.configure(info={"alsace_moselle": True})
    assert "checked" in box()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({f"service-{day}": "" for day in ("monday", "tuesday", "friday")}, "un jour au moins"),
        ({"opening-monday": "toujours"}, "Lundi : écrivez les heures comme 8"),
        ({"service-monday": "8 h - 12 h - 14 h"}, "Lundi : écrivez les heures comme 8"),
        ({"service-monday": "25 h - 26 h"}, "Lundi : écrivez les heures comme 8"),
        ({"service-monday": "12:00-8:00"}, "Lundi : chaque plage finit après son début"),
        ({"service-friday": "8 h - 12 h, 11 h - 14 h"}, "Vendredi : chaque plage finit après son début"),
        ({"urgent_hours": "zéro"}, "1 au moins"),
        ({"cut_off": "midi"}, "écrivez une heure comme 17"),
        ({"cut_off": "18 h"}, "donnez une heure plus tôt"),
        ({"cut_off": "12:00-14:00"}, "écrivez une heure comme 17"),
        ({"opening-monday": ""}, "personne ne répondrait jamais"),
    ],
)
def test_what_nobody_could_work_by_is_refused_and_stays_typed(
    log_in: LogIn, sessions: Sessions, changed: dict[str, str], told: str
) -> None:
    browser = log_in("config_admin")
    for do in ("preview", "publish"):
        answer = browser.post(_ADDRESS, **{**_TYPED, **changed}, do=do, note="Essai", seen_version="0")
        page = answer.text.replace("\u202f", " ").replace("\u00a0", " ")
        assert answer.status_code == 422 and told in page and "Fête de la ville" in page
        assert "Value error" not in page and "cut_off)" not in page
    assert in_force(sessions)[0] == 0


def test_two_administrators_publish_at_once_the_second_sees_the_first(log_in: LogIn) -> None:
    browser = log_in("config_admin")
    browser.post(_ADDRESS, **_TYPED, do="publish", note="Une", seen_version="0")
    late = browser.post(_ADDRESS, **_TYPED, do="publish", note="Deux", seen_version="0")
    assert late.status_code == 409 and "Un collègue vient de publier" in late.text


def test_the_promises_of_a_case_are_told_with_what_gave_each_date(
    log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, CaseState.IN_PROGRESS)
    address = f"/console/demandes/{reference}/promesses"
    assert "calculées dans la minute" in log_in("advisor").get(address).text
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        follow_facts(uow, reckoning(uow.session))
    page = log_in("advisor").get(address).text
    assert "première date annoncée à l’usager" in page and "Tenue" in page
    assert f'href="{address}"' in log_in("advisor").get(f"/console/demandes/{reference}").text
    assert log_in("lighting").get(address).status_code == 404


@pytest.mark.parametrize(("channel", "is_owed"), [("web", True), ("desk", False), ("phone", False)])
def test_a_receipt_is_promised_to_who_wrote_not_to_who_spoke_to_us(
    log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock, channel: str, is_owed: bool
) -> None:
    reference = world.case(sessions, clock, channel=channel)
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        follow_facts(uow, reckoning(uow.session))
    page = log_in("advisor").get(f"/console/demandes/{reference}/promesses").text
    assert ("Accusé envoyé" in page) is is_owed and "Prise en charge par le service" in page


def test_nothing_is_said_to_be_reckoned_soon_of_what_has_ended(
    log_in: LogIn, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, CaseState.CLOSED)
    page = log_in("advisor").get(f"/console/demandes/{reference}/promesses").text
    assert "calculées dans la minute" not in page and "terminée avant que ses échéances" in page
