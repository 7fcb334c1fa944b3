"""A call promised between two hours: said aloud, written, made in its time, told when it is missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.foundation import SYSTEM, Delivery, FrozenClock, Sessions, Units
from crm.interactions import Interaction
from crm.promises import Notice, warn_of_missed_calls
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
WORDS = {"day": "2026-09-16", "since": "14:00", "until": "16:00", "words": "Dire la date des travaux."}


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    return world.case(sessions, clock)


def _promise(browser: Browser, reference: str, **changed: str) -> tuple[int, str]:
    answer = browser.post(f"/console/demandes/{reference}/rappel", **{**WORDS, **changed})
    page = browser.get(answer.location).text if answer.status_code == 303 else answer.text
    return answer.status_code, page


def test_it_is_said_kept_at_its_hour_and_told_in_writing(
    log_in: Enter, reference: str, sessions: Sessions
) -> None:
    advisor = log_in("advisor")
    assert f"/console/demandes/{reference}/rappel" in advisor.get(f"/console/demandes/{reference}").text
    status, page = _promise(advisor, reference)
    assert status == 303
    assert "Nous vous rappelons mercredi 16 septembre 2026, entre 14" in page and "06 39 98 00 01" in page
    assert "Rappel promis à partir du 16 septembre" in page
    calls = advisor.get("/console/rappels").text
    assert "Dire la date des travaux." in calls and "promis :" in calls.replace("\xa0", " ")
    with sessions() as session:
        assert session.scalars(sa.select(Delivery.job).where(Delivery.job == "tell_call_back")).all()
        (call,) = session.scalars(sa.select(Interaction).where(Interaction.kind == "call_back"))
        assert not call.is_public and call.recipient == "+33639980001"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"day": "2026-09-14"}, "à venir"),
        ({"day": "bientôt"}, "Écrivez une date"),
        ({"since": "midi"}, "14:30"),
        ({"until": "14:10"}, "demi-heure"),
        ({"until": "19:00"}, "demi-heure"),
        ({"day": "2026-09-20"}, "Personne ne répond"),  # a Sunday
        ({"since": "17:00", "until": "19:30"}, "Personne ne répond"),  # the centre closes at 19:00
        ({"day": "2026-11-16"}, "trop loin"),
        ({"words": " "}, "Remplissez"),
    ],
)
def test_what_could_not_be_kept_is_not_promised(
    log_in: Enter, reference: str, sessions: Sessions, changed: dict[str, str], said: str
) -> None:
    status, page = _promise(log_in("advisor"), reference, **changed)
    assert status == 422 and said in page
    if "words" not in changed:
        assert "Dire la date des travaux." in page  # nothing typed is lost
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Interaction.kind == "call_back")) == 0


def test_sent_twice_it_is_promised_once_and_until_the_centre_closes(
    log_in: Enter, reference: str, sessions: Sessions
) -> None:
    advisor = log_in("advisor")
    for words in ("Dire la date.", "Dire la date. ", "Demander le code de la porte."):
        assert _promise(advisor, reference, since="17:00", until="19:00", words=words)[0] == 303
    with sessions() as session:
        calls = sa.select(Interaction.body).where(Interaction.kind == "call_back")
        assert sorted(session.scalars(calls)) == ["Demander le code de la porte.", "Dire la date."]


def test_it_is_told_an_hour_before_as_it_begins_and_once_it_is_missed(
    log_in: Enter, reference: str, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    _promise(log_in("advisor"), reference, day="2026-09-15", since="14:00", until="15:00")

    def warn() -> list[int]:
        with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
            return warn_of_missed_calls(uow)

    assert warn() == []
    with sessions() as session:
        (call,) = session.scalars(sa.select(Interaction).where(Interaction.kind == "call_back"))
        begins, ends = call.promised_at, call.promised_until
    assert begins is not None and ends is not None
    clock.at = begins - timedelta(hours=1)
    assert (warn(), warn()) == ([world.ids["advisor"]], [])  # whoever promised
    clock.at = begins
    assert (warn(), warn()) == ([world.ids["supervisor"]], [])  # nobody leads the centre’s advisors
    clock.at = ends
    assert (warn(), warn()) == (sorted([world.ids["advisor"], world.ids["supervisor"]]), [])
    with sessions() as session:
        assert set(session.scalars(sa.select(Notice.kind))) == {"call_near", "call_begun", "call_missed"}


@pytest.mark.parametrize(
    "told", [{"reached": "1", "note": "C’est dit."}, {"reached": "0", "note": "Sans réponse."}]
)
def test_made_in_its_time_nobody_is_told_even_if_nobody_answered(
    log_in: Enter, reference: str, sessions: Sessions, clock: FrozenClock, told: dict[str, str]
) -> None:
    advisor = log_in("advisor")
    _promise(advisor, reference, day="2026-09-15", since="11:00", until="12:00")
    with sessions() as session:
        (call,) = session.scalars(sa.select(Interaction).where(Interaction.kind == "call_back"))
        made, ends = call.id, call.promised_until
    assert advisor.post(f"/console/rappels/{made}", **told).status_code == 303
    assert ends is not None
    clock.at = ends
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        assert warn_of_missed_calls(uow) == []


def test_a_past_day_is_told_on_the_day_and_every_fault_at_once(log_in: Enter, reference: str) -> None:
    status, page = _promise(log_in("advisor"), reference, day="2026-09-14", words=" ")
    assert status == 422 and 'id="day-error"' in page and 'id="words-error"' in page
    assert 'id="until-error"' not in page
