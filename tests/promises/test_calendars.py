"""Another calendar is published: who may, what is refused, and what becomes of the promises that run."""

from __future__ import annotations

from typing import Any

import pytest

from crm.cases import CaseState
from crm.deadlines import CalendarError
from crm.foundation import SYSTEM, Conflict, Invalid, NotAllowed, Sessions
from crm.promises import (
    CalendarCache,
    calendar_history,
    calendar_in_force,
    calendar_version,
    calendars_in_force,
    publish_calendar,
    reckon_round,
    reckoning,
)
from crm.wiring import wire
from tests import given
from tests.doors import settings_for
from tests.promises.house import Promised, paris
from tests.servers import Servers

_WEEK: dict[str, Any] = {
    "working_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "opening_hours": {"monday": ["08:00-19:00"]},
}


def publish(promised: Promised, seen: int = 0, note: str = "Fermeture du pont", **changed: Any) -> int:
    with promised.units.begin(given.actor("config_admin", id=None)) as uow:
        return publish_calendar(uow, {**_WEEK, **changed}, note=note, seen_version=seen)


def reckon(promised: Promised) -> int:
    with promised.units.begin(SYSTEM) as uow:
        return reckon_round(uow, reckoning(uow.session))


def test_the_file_stands_until_somebody_publishes(promised: Promised) -> None:
    with promised.units.reading() as session:
        assert calendar_in_force(session).version == 0
    publish(promised, closure=[{"on": "2026-09-18", "label": "Pont"}])
    with promised.units.reading() as session:
        kept = calendar_in_force(session)
        (line,) = calendar_history(session)
    assert kept.version == 1 and not kept.calendar.is_working_day(paris("2026-09-18 08:00").date())
    assert (line.version, line.note) == (1, "Fermeture du pont")


def test_the_setting_of_the_place_adds_its_holidays_wherever_the_file_is_read(
    promised: Promised, sessions: Sessions
) -> None:
    sessions.configure(info={"alsace_moselle": True})
    with sessions() as session:
        read = [calendar_in_force(session), calendar_version(session, 0), calendars_in_force(session)[None]]
        assert reckoning(session).calendar.alsace_moselle
    read.append(CalendarCache(sessions).get())
    assert [(one.calendar.alsace_moselle, one.written["alsace_moselle"]) for one in read] == [
        (True, True)
    ] * 4
    publish(promised)  # what is published says it itself
    with sessions() as session:
        assert not calendar_in_force(session).calendar.alsace_moselle


def test_every_session_of_a_process_knows_the_setting(servers: Servers) -> None:
    wired = wire(settings_for(servers).model_copy(update={"alsace_moselle": True}))
    assert wired.rulebooks.calendar().alsace_moselle
    with wired.units.reading() as session:
        assert reckoning(session).calendar.alsace_moselle
    wired.close()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"working_days": []}, "aucun jour ouvré"),
        ({"opening_hours": {}}, "aucune plage d’accueil"),
        ({"service_hours": {"monday": ["12:00-08:00"]}}, "à l’envers"),
        ({"opening_hours": {"monday": ["huit heures"]}}, "plage illisible"),
        ({"closure": [{"on": "2026-01-05", "repeats": "weekly", "until": "2026-01-11"}]}, "aucun jour ouvré"),
    ],
)
def test_a_calendar_by_which_nobody_would_work_is_refused(
    promised: Promised, changed: dict[str, Any], told: str
) -> None:
    with pytest.raises(CalendarError) as refused:
        publish(promised, **changed)
    assert told in " ".join(refused.value.problems)


def test_a_change_says_why_and_is_made_on_what_was_seen_by_who_may(promised: Promised) -> None:
    with pytest.raises(Invalid):
        publish(promised, note=" ")
    publish(promised)
    with pytest.raises(Conflict):
        publish(promised, seen=0)
    with pytest.raises(NotAllowed), promised.units.begin(given.actor("supervisor")) as uow:
        publish_calendar(uow, _WEEK, note="Pour voir", seen_version=1)


def test_running_clocks_follow_and_what_was_told_or_kept_does_not(promised: Promised) -> None:
    running = promised.open(received_at=paris("2026-09-14 10:00"))  # due on Monday 21
    kept = promised.open(CaseState.CLOSED, received_at=paris("2026-09-14 10:00"))
    delayed = promised.open(received_at=paris("2026-09-14 10:00"))
    promised.delay(delayed, "2026-10-02")
    promised.follow()
    before = promised.clocks(kept)["resolution"]
    publish(promised, closure=[{"on": "2026-09-17", "until": "2026-09-18", "label": "Pont"}])
    assert reckon(promised) == 0
    clocks = promised.clocks(running)
    assert (clocks["resolution"].due_at, clocks["resolution"].calendar_version) == (
        paris("2026-09-23 18:00"),
        1,
    )
    assert promised.due_at(running) == paris("2026-09-23 18:00")
    assert clocks["answer"].due_at == paris("2026-09-21 18:00")
    after = promised.clocks(kept)["resolution"]
    assert (after.due_at, after.calendar_version) == (before.due_at, 0)
    assert promised.due_at(delayed) == paris("2026-10-02 18:00")
    with promised.units.reading() as session:
        (line,) = calendar_history(session)
    assert line.to_reckon == line.reckoned > 0 and line.reckoned_at is not None


def test_no_change_of_ours_makes_anybody_late(promised: Promised) -> None:
    """The delay ended tonight; by the new calendar it would have ended at noon."""
    reference = promised.open(received_at=paris("2026-09-14 10:00"), channel="letter")
    promised.follow()
    promised.at("2026-09-15 14:00")
    publish(promised, end_of_service="12:00", cut_off="12:00")
    assert reckon(promised) == 0
    assert promised.clocks(reference)["receipt"].due_at == paris("2026-09-15 18:00")


def test_what_was_late_stays_late(promised: Promised) -> None:
    reference = promised.open(received_at=paris("2026-09-04 10:00"))
    promised.follow()
    assert promised.clocks(reference)["resolution"].due_at == paris("2026-09-11 18:00")
    publish(promised, closure=[{"on": "2026-09-07", "until": "2026-09-30", "label": "Tout septembre"}])
    reckon(promised)
    assert promised.due_at(reference) == paris("2026-09-11 18:00")
