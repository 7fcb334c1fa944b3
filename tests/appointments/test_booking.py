"""A seat taken from a case, moved, cancelled, kept or missed; and the entry for the usager’s calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import icalendar
import pytest
import sqlalchemy as sa

from crm.appointments import (
    AppointmentState,
    Opening,
    appointment_by_id,
    appointments_on,
    book_appointment,
    cancel_appointment,
    free_slots,
    invitation,
    move_appointment,
    note_presence,
    open_slots,
    remind_of_tomorrow,
    withdraw_slot,
)
from crm.appointments.models import Slot
from crm.cases import CaseSheet, one_case
from crm.foundation import (
    RESIDENT,
    SYSTEM,
    Conflict,
    EventRow,
    FrozenClock,
    IllegalStep,
    NotAllowed,
    NotFound,
    UnitOfWork,
    Units,
)
from tests import given
from tests.acting import act
from tests.given import NEIGHBOUR, TOWN, Town


def _open(uow: UnitOfWork, unit_id: int, key: str = "k", **more: object) -> None:
    opening = Opening(
        **{
            "key": key,
            "meeting": "video",
            "place": "https://visio.example/salle",
            "unit_id": unit_id,
            "first_on": date(2026, 9, 16),
            "last_on": date(2026, 9, 16),
            "weekdays": frozenset({2}),
            "begins": time(14),
            "ends": time(15),
            "minutes": 30,
            **more,
        }  # type: ignore[arg-type]
    )
    open_slots(uow, opening, lambda day: False)


def _slots(uow: UnitOfWork) -> list[int]:
    return list(uow.session.scalars(sa.select(Slot.id).order_by(Slot.starts_at, Slot.id)))


def _kinds(uow: UnitOfWork) -> list[str]:
    uow.write_events()
    found = sa.select(EventRow.kind).where(EventRow.kind.like("appointment.%")).order_by(EventRow.id)
    return list(uow.session.scalars(found))


@pytest.fixture
def reference(uow: UnitOfWork, town: Town) -> str:
    _open(uow, town.roads)
    return given.open_case(uow, town.book)


def _case(uow: UnitOfWork, reference: str) -> CaseSheet:
    return one_case(uow.session, SYSTEM, reference)


def test_the_service_in_charge_is_proposed_and_nobody_elses(
    uow: UnitOfWork, town: Town, reference: str
) -> None:
    _open(uow, town.lighting, key="other")
    found = free_slots(uow.session, _case(uow, reference), uow.now)
    assert [slot.unit_id for slot in found] == [town.roads, town.roads]


def test_what_is_not_proposed_to_a_demand_is_not_taken_for_it(
    uow: UnitOfWork, town: Town, reference: str
) -> None:
    ours, theirs = _slots(uow)[0], given.open_case(uow, town.book, category_code="ECLA-01")
    _open(uow, town.lighting, key="lighting", begins=time(16), ends=time(17))
    lamp = book_appointment(uow, theirs, _slots(uow)[2], key="lamp")
    _open(uow, town.roads, key="far", first_on=date(2026, 12, 2), last_on=date(2026, 12, 2))
    act(uow, town.book, cancelled := given.open_case(uow, town.book), "cancel")
    for which, slot in ((theirs, ours), (reference, _slots(uow)[-1]), (cancelled, ours)):
        with pytest.raises(Conflict):
            book_appointment(uow, which, slot, key=f"{which} {slot}")
    with pytest.raises(Conflict):
        move_appointment(uow, lamp, ours)


def test_the_same_form_opens_once_and_books_once(uow: UnitOfWork, town: Town, reference: str) -> None:
    _open(uow, town.roads)
    first, second = _slots(uow)
    assert book_appointment(uow, reference, first, key="f") == book_appointment(
        uow, reference, first, key="f"
    )
    with pytest.raises(Conflict):
        book_appointment(uow, reference, first, key="another")
    assert [slot.id for slot in free_slots(uow.session, _case(uow, reference), uow.now)] == [second]


def test_as_many_usagers_as_there_are_seats(uow: UnitOfWork, town: Town) -> None:
    _open(uow, town.roads, seats=2, minutes=60)
    (slot,) = _slots(uow)
    references = [given.open_case(uow, town.book) for _ in range(3)]
    for n in (0, 1):
        book_appointment(uow, references[n], slot, key=f"f{n}")
    with pytest.raises(Conflict):
        book_appointment(uow, references[2], slot, key="f2")


def test_moved_it_leaves_its_seat_and_keeps_its_name_in_calendars(uow: UnitOfWork, reference: str) -> None:
    first, second = _slots(uow)
    booked = book_appointment(uow, reference, first, key="f")
    move_appointment(uow, booked, second)
    card = appointment_by_id(uow.session, booked)
    assert (card.slot_id, card.moves) == (second, 1)
    assert [slot.id for slot in free_slots(uow.session, _case(uow, reference), uow.now)] == [first]
    assert _kinds(uow) == ["appointment.booked", "appointment.moved"]


def test_cancelled_the_seat_is_free_and_the_moment_may_be_withdrawn(uow: UnitOfWork, reference: str) -> None:
    first, _second = _slots(uow)
    booked = book_appointment(uow, reference, first, key="f")
    with pytest.raises(IllegalStep):
        withdraw_slot(uow, first)
    for _twice in range(2):
        cancel_appointment(uow, booked)
    withdraw_slot(uow, first)
    assert _kinds(uow) == ["appointment.booked", "appointment.cancelled"]
    with pytest.raises(Conflict):
        book_appointment(uow, reference, first, key="again")


def test_the_usager_moves_and_cancels_and_says_nothing_of_presence(units: Units, clock: FrozenClock) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        _open(setting, town.roads)
        booked = book_appointment(setting, given.open_case(setting, town.book), _slots(setting)[0], key="f")
        other = _slots(setting)[1]
    with units.begin(RESIDENT) as uow:
        move_appointment(uow, booked, other)
        cancel_appointment(uow, booked)
    with units.begin(RESIDENT) as uow, pytest.raises((NotAllowed, NotFound)):
        note_presence(uow, booked, came=True)


def test_who_came_and_who_did_not(units: Units, clock: FrozenClock) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        _open(setting, town.roads)
        booked = book_appointment(setting, given.open_case(setting, town.book), _slots(setting)[0], key="f")
        with pytest.raises(IllegalStep):
            note_presence(setting, booked, came=False)  # it has not begun
    clock.at += timedelta(days=2)
    with units.begin(SYSTEM) as uow:
        note_presence(uow, booked, came=False)
        assert appointment_by_id(uow.session, booked).state is AppointmentState.MISSED
        note_presence(uow, booked, came=True)
        assert appointment_by_id(uow.session, booked).state is AppointmentState.KEPT
        with pytest.raises(IllegalStep):
            cancel_appointment(uow, booked)


def test_only_for_cases_and_services_within_reach(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        _open(setting, town.roads)
        reference, slot = given.open_case(setting, town.book), _slots(setting)[0]
    for stranger in (
        given.actor("desk_agent", insee=NEIGHBOUR),
        given.actor("team_lead", unit=town.lighting),
    ):
        with units.begin(stranger) as uow, pytest.raises(NotFound):
            book_appointment(uow, reference, slot, key="s")
        with units.begin(stranger) as uow, pytest.raises(NotAllowed):
            _open(uow, town.roads, key="s")
    with units.begin(given.actor("team_lead", unit=town.roads)) as uow:
        _open(uow, town.roads, key="ours")
    with units.begin(given.actor("desk_agent", insee=TOWN)) as uow:
        assert book_appointment(uow, reference, slot, key="d")
        assert [one.reference for one in appointments_on(uow.session, uow.actor, date(2026, 9, 16))] == [
            reference
        ]
    with units.begin(given.actor("desk_agent", insee=NEIGHBOUR)) as uow:
        assert appointments_on(uow.session, uow.actor, date(2026, 9, 16)) == []


def test_the_day_before_once(uow: UnitOfWork, reference: str) -> None:
    book_appointment(uow, reference, _slots(uow)[0], key="f")
    assert [remind_of_tomorrow(uow), remind_of_tomorrow(uow)] == [1, 0]
    assert _kinds(uow) == ["appointment.booked", "appointment.near"]


def test_a_calendar_reads_it_and_learns_nothing_of_the_demand(uow: UnitOfWork, reference: str) -> None:
    booked = book_appointment(uow, reference, _slots(uow)[0], key="f")
    told = {
        "organizer": "Centre",
        "title": "Rendez-vous",
        "link": "https://centre.example/r",
        "domain": "c.example",
    }
    made = invitation(appointment_by_id(uow.session, booked), made_at=uow.now, **told)
    (entry,) = icalendar.Calendar.from_ical(made).walk("VEVENT")
    assert entry.decoded("dtstart") == datetime.fromisoformat("2026-09-16T14:00:00+02:00")
    assert entry["uid"] == f"appointment-{booked}@c.example" and reference not in made.decode()
    cancel_appointment(uow, booked)
    off = invitation(appointment_by_id(uow.session, booked), made_at=uow.now, **told)
    (gone,) = icalendar.Calendar.from_ical(off).walk("VEVENT")
    assert (gone["uid"], gone["status"], gone["sequence"]) == (entry["uid"], "CANCELLED", 1)
