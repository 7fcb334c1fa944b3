"""Units that work other hours than the centre: what follows their calendar, what never does, who decides."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from crm.cases import Case
from crm.deadlines import CalendarError
from crm.foundation import SYSTEM, Conflict, Invalid, NotAllowed, NotFound
from crm.promises import (
    add_calendar,
    calendar_history,
    give_calendar,
    own_calendar,
    own_calendars,
    publish_calendar,
    reckon_round,
    reckoning,
    restore_calendar,
    retire_calendar,
)
from tests import given
from tests.promises.house import Promised, paris

_DAYS = ["tuesday", "wednesday", "thursday", "friday", "saturday"]
MORNINGS: dict[str, Any] = {
    "working_days": _DAYS,
    "service_hours": {day: ["05:00-12:00"] for day in _DAYS},
    "cut_off": "11:00",
    "end_of_service": "12:00",
}
CENTRE: dict[str, Any] = {
    "working_days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "opening_hours": {"monday": ["08:00-19:00"]},
}
ADMIN = given.actor("config_admin")


def add(promised: Promised, name: str = "Collecte, matin et samedi", **changed: Any) -> int:
    with promised.units.begin(ADMIN) as uow:
        return add_calendar(uow, name, {**MORNINGS, **changed}, note="Horaires d’été")


def publish(promised: Promised, calendar_id: int | None, **changed: Any) -> int:
    with promised.units.begin(ADMIN) as uow:
        written = CENTRE if calendar_id is None else MORNINGS
        seen = calendar_history(uow.session, calendar_id, limit=1)
        return publish_calendar(
            uow,
            {**written, **changed},
            note="Pont",
            seen_version=seen[0].version if seen else 0,
            calendar_id=calendar_id,
            name="Collecte",
        )


def give(promised: Promised, calendar_id: int | None, unit: str = "roads", seen: int | None = None) -> None:
    with promised.units.begin(ADMIN) as uow:
        give_calendar(uow, getattr(promised.town, unit), calendar_id, seen_id=seen)


def reckon(promised: Promised) -> None:
    with promised.units.begin(SYSTEM) as uow:
        assert reckon_round(uow, reckoning(uow.session)) == 0


def dates(promised: Promised, reference: str) -> dict[str, Any]:
    return {nature: row.due_at for nature, row in promised.clocks(reference).items()}


def test_only_the_taking_in_charge_goes_by_the_hours_of_the_unit(promised: Promised) -> None:
    promised.at("2026-09-18 16:00")  # a Friday afternoon
    usual = promised.open(received_at=paris("2026-09-18 16:00"))
    promised.follow()
    give(promised, calendar_id := add(promised))
    reference = promised.open(received_at=paris("2026-09-18 16:00"))
    promised.follow()
    own, centre = dates(promised, reference), dates(promised, usual)
    assert own.pop("acceptance") == paris("2026-09-22 12:00")  # counts from Saturday; Monday is not worked
    assert centre.pop("acceptance") == paris("2026-09-21 18:00")
    assert own == centre, "what a usager is promised does not depend on who is competent"
    clock = promised.clocks(reference)["acceptance"]
    with promised.units.reading() as session:
        assert clock.calendar_version == own_calendar(session, calendar_id).version == 1


def test_given_or_published_open_clocks_of_its_units_follow_and_no_other(promised: Promised) -> None:
    waiting, taken = (promised.open(received_at=paris("2026-09-15 09:00")) for _ in range(2))
    elsewhere = promised.open(received_at=paris("2026-09-15 09:00"), category_code="ECLA-01")
    promised.later(hours=1)
    promised.act(taken, "accept")
    promised.follow()
    before = {reference: dates(promised, reference) for reference in (waiting, taken, elsewhere)}
    assert before[waiting]["acceptance"] == paris("2026-09-16 18:00")
    give(promised, calendar_id := add(promised))
    reckon(promised)
    assert dates(promised, waiting) == {**before[waiting], "acceptance": paris("2026-09-16 12:00")}
    publish(promised, calendar_id, closure=[{"on": "2026-09-16", "label": "Formation"}])
    with promised.units.reading() as session:
        (line, _first) = calendar_history(session, calendar_id)
    assert (line.version, line.to_reckon) == (2, 1)
    reckon(promised)
    assert dates(promised, waiting) == {**before[waiting], "acceptance": paris("2026-09-17 12:00")}
    assert dates(promised, taken) == before[taken] and dates(promised, elsewhere) == before[elsewhere]
    publish(promised, None, closure=[{"on": "2026-09-16", "label": "Fête"}])
    reckon(promised)
    assert promised.clocks(waiting)["acceptance"].calendar_version == 2
    assert dates(promised, waiting)["acceptance"] == paris("2026-09-17 12:00")
    assert dates(promised, waiting)["receipt"] == paris("2026-09-17 18:00")
    give(promised, None, seen=calendar_id)
    reckon(promised)
    assert promised.clocks(waiting)["acceptance"].calendar_version == 3
    assert dates(promised, waiting)["acceptance"] == paris("2026-09-17 18:00")
    with promised.units.reading() as session:
        assert all(one.reckoned == one.to_reckon for one in calendar_history(session)), (
            "it says how far it got"
        )


def test_a_demand_that_moves_goes_by_the_calendar_of_whoever_has_it(promised: Promised) -> None:
    give(promised, add(promised), unit="lighting")
    reference = promised.open(received_at=paris("2026-09-15 09:00"))
    promised.follow()
    assert dates(promised, reference)["acceptance"] == paris("2026-09-16 18:00")
    promised.at("2026-09-18 15:00")
    promised.act(reference, "route", unit_id=promised.town.lighting)
    promised.follow()
    assert dates(promised, reference)["acceptance"] == paris("2026-09-22 12:00")
    promised.at("2026-09-19 09:00")  # Saturday, at work
    promised.act(reference, "accept")
    promised.follow()
    kept = promised.clocks(reference)["acceptance"]
    give(promised, None, unit="lighting", seen=kept_calendar(promised))
    reckon(promised)
    promised.derive(reference)
    after = promised.clocks(reference)["acceptance"]
    assert (after.due_at, after.met_at, after.calendar_version) == (
        kept.due_at,
        paris("2026-09-19 09:00"),
        kept.calendar_version,
    )


def kept_calendar(promised: Promised) -> int:
    with promised.units.reading() as session:
        return own_calendars(session)[0].id


def test_hours_of_a_unit_never_make_it_late(promised: Promised) -> None:
    """It had until tonight; by its own hours it would have had until noon, which is past."""
    reference = promised.open()
    promised.follow()
    promised.at("2026-09-16 14:00")
    give(promised, add(promised))
    reckon(promised)
    assert dates(promised, reference)["acceptance"] == paris("2026-09-16 18:00")


def test_an_emergency_waits_for_no_calendar(promised: Promised) -> None:
    give(promised, add(promised))
    promised.at("2026-09-20 03:00")  # a Sunday night
    reference = promised.open()
    promised.raise_to_urgent(reference)
    promised.follow()
    assert dates(promised, reference)["acceptance"] == paris("2026-09-20 03:30")


def test_a_calendar_that_units_go_by_is_not_retired_and_a_retired_one_is_given_to_nobody(
    promised: Promised,
) -> None:
    calendar_id = add(promised)
    give(promised, calendar_id)
    with pytest.raises(Conflict) as refused, promised.units.begin(ADMIN) as uow:
        retire_calendar(uow, calendar_id)
    assert refused.value.details["units"] == [promised.town.roads]
    give(promised, None, seen=calendar_id)
    with promised.units.begin(ADMIN) as uow:
        retire_calendar(uow, calendar_id)
    with pytest.raises(Invalid):
        give(promised, calendar_id)
    with pytest.raises(Conflict):
        publish(promised, calendar_id)
    with promised.units.begin(ADMIN) as uow:
        restore_calendar(uow, calendar_id)
    give(promised, calendar_id)
    with pytest.raises(NotFound), promised.units.begin(ADMIN) as uow:
        retire_calendar(uow, calendar_id + 1)


def test_two_people_at_once_do_not_overwrite_one_another(promised: Promised) -> None:
    one, other = add(promised), add(promised, "Mairie")
    give(promised, one)
    with pytest.raises(Conflict):
        give(promised, other)  # on a page that still showed the centre's
    with pytest.raises(Conflict), promised.units.begin(ADMIN) as uow:
        publish_calendar(uow, MORNINGS, note="Pont", seen_version=0, calendar_id=one, name="Collecte")


@pytest.mark.parametrize(
    ("name", "changed", "wrong"),
    [
        (" ", {}, Invalid),
        ("COLLECTE, matin et samedi", {}, Invalid),
        ("Mairie", {"working_days": [], "service_hours": {}}, CalendarError),
        (
            "Mairie",
            {"closure": [{"on": "2026-01-06", "repeats": "weekly", "until": "2026-01-11"}]},
            CalendarError,
        ),
    ],
)
def test_a_calendar_has_a_name_of_its_own_and_days_on_which_somebody_works(
    promised: Promised, name: str, changed: dict[str, Any], wrong: type[Exception]
) -> None:
    add(promised)
    with pytest.raises(wrong):
        add(promised, name, **changed)
    with promised.units.reading() as session:
        assert [line.name for line in own_calendars(session)] == ["Collecte, matin et samedi"]


def test_only_who_keeps_calendars_may(promised: Promised) -> None:
    with pytest.raises(NotAllowed), promised.units.begin(given.actor("supervisor")) as uow:
        add_calendar(uow, "Le mien", MORNINGS, note="Pour voir")
    calendar_id = add(promised)
    for refused in (retire_calendar, restore_calendar):
        with pytest.raises(NotAllowed), promised.units.begin(given.actor("team_lead")) as uow:
            refused(uow, calendar_id)
    with pytest.raises(NotAllowed), promised.units.begin(given.actor("team_lead")) as uow:
        give_calendar(uow, promised.town.roads, calendar_id, seen_id=None)


def test_a_usager_is_told_the_same_date_whoever_is_competent(promised: Promised) -> None:
    usual = promised.open(received_at=paris("2026-09-15 09:00"))
    give(promised, add(promised))
    reference = promised.open(received_at=paris("2026-09-15 09:00"))
    with promised.units.reading() as session:
        told = sa.select(Case.announced_due_at).where(Case.reference.in_([usual, reference]))
        assert len(set(session.scalars(told))) == 1
