"""Monday, seven o'clock: each mairie's desk is told of its own week, once, whatever dies between."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState, Restriction, restrict_case
from crm.foundation import PARIS, SYSTEM, FrozenClock
from crm.interactions import Interaction
from crm.notifications import WeeklyDigest
from crm.staff import Agent, Organization
from crm.wiring import Wiring
from tests import given
from tests.given import NEIGHBOUR, TOWN
from workers.digests import send_digests
from workers.timetable import TASKS

MONDAY = datetime(2026, 9, 14, 7, 0, tzinfo=PARIS)


def _furnish(held: Wiring, clock: FrozenClock, *desks: str) -> dict[str, str]:
    """A week in two communes; desk's commune → its agent's address."""
    clock.at = MONDAY - timedelta(days=3)
    with held.units.begin(SYSTEM) as uow:
        town = given.town(uow)
        agents = {insee: given.agent(uow, "desk_agent", insee=insee) for insee in desks}
        told = {"contact_id": given.contact(uow)}
        for insee, street in ((TOWN, "12 rue des Lilas"), (NEIGHBOUR, "3 rue d’en face")):
            place = given.place(insee, label=street)
            given.open_case(uow, town.book, place=place, **told)
            given.open_case(uow, town.book, CaseState.CLOSED, place=place, **told)
        given.open_case(uow, town.book, category_code="DECH-01", place=given.place(TOWN), **told)
    clock.at = MONDAY
    return agents


def _written(held: Wiring) -> list[Interaction]:
    with held.units.reading() as session:
        found = list(session.scalars(sa.select(Interaction).where(Interaction.kind == "digest")))
        session.expunge_all()
        return found


def test_each_desk_reads_its_own_week_and_no_name(held: Wiring, clock: FrozenClock) -> None:
    agents = _furnish(held, clock, TOWN, NEIGHBOUR)
    send_digests(held)
    ours, theirs = sorted(_written(held), key=lambda one: one.recipient != agents[TOWN])
    assert (ours.recipient, theirs.recipient) == (agents[TOWN], agents[NEIGHBOUR])
    assert "Nouvelles depuis lundi dernier : 3" in ours.body
    assert "Terminées depuis lundi dernier : 1" in ours.body
    assert "En attente de votre commune : 1" in ours.body
    assert "12 rue des Lilas" in ours.body and "en face" not in ours.body
    assert "3 rue d’en face" in theirs.body and "Lilas" not in theirs.body
    assert "Diallo" not in ours.body and "Un trou" not in ours.body


def test_of_what_few_may_read_a_mail_says_nothing_not_even_a_number(held: Wiring, clock: FrozenClock) -> None:
    _furnish(held, clock, TOWN)
    with held.units.begin(SYSTEM) as uow:
        first = uow.session.scalars(
            sa.select(Case.reference).where(Case.insee == TOWN).order_by(Case.id)
        ).first()
        restrict_case(uow, str(first), Restriction(reason="grave", motive="Des coups."))
    send_digests(held)
    (mail,) = _written(held)
    assert str(first) not in mail.body and "Nouvelles depuis lundi dernier : 2" in mail.body


def test_run_twice_it_writes_once(held: Wiring, clock: FrozenClock) -> None:
    _furnish(held, clock, TOWN)
    send_digests(held)
    clock.at += timedelta(hours=5)
    send_digests(held)
    assert len(_written(held)) == 1
    clock.at = MONDAY + timedelta(days=7)
    send_digests(held)
    assert len(_written(held)) == 2


def test_killed_before_the_commit_it_has_written_nothing_and_begins_again(
    held: Wiring, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _furnish(held, clock, TOWN, NEIGHBOUR)

    def die(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("crm.notifications.digests.queue_message", die)
        with pytest.raises(KeyboardInterrupt):
            send_digests(held)
    with held.units.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(WeeklyDigest)) == 0
    send_digests(held)
    assert len(_written(held)) == 2


def test_who_said_no_is_left_in_peace_and_a_mairie_without_agents_is_written_to(
    held: Wiring, clock: FrozenClock
) -> None:
    _furnish(held, clock, TOWN)
    with held.units.begin(SYSTEM) as uow:
        uow.session.execute(sa.update(Agent).values(weekly_digest=False))
        hall = Organization(
            code="hall", kind="commune", name="Mairie", insee=NEIGHBOUR, email="hall@exemple.fr"
        )
        uow.session.add(hall)
    send_digests(held)
    assert [one.recipient for one in _written(held)] == ["hall@exemple.fr"]


def test_it_is_written_in_the_language_of_its_reader(held: Wiring, clock: FrozenClock) -> None:
    agents = _furnish(held, clock, TOWN, NEIGHBOUR)
    with held.units.begin(SYSTEM) as uow:
        uow.session.execute(sa.update(Agent).where(Agent.email == agents[TOWN]).values(language="en"))
    send_digests(held)
    english, french = sorted(_written(held), key=lambda one: one.recipient != agents[TOWN])
    assert "New since last Monday: 3" in english.body and "Pothole" in english.body
    assert "week of Monday 14 September 2026" in english.subject and "received 11 Sep" in english.body
    assert "Nouvelles depuis lundi dernier : 2" in french.body and "reçue le 11/09" in french.body


def test_neither_late_in_the_week_nor_before_the_hour(held: Wiring, clock: FrozenClock) -> None:
    _furnish(held, clock, TOWN)
    for when in (MONDAY - timedelta(minutes=1), MONDAY + timedelta(days=3)):
        clock.at = when
        send_digests(held)
    assert _written(held) == []


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (MONDAY, MONDAY),
        (MONDAY - timedelta(minutes=1), MONDAY - timedelta(days=7)),
        (MONDAY + timedelta(days=6), MONDAY),
        (datetime(2026, 10, 26, 8, 0, tzinfo=PARIS), datetime(2026, 10, 26, 7, 0, tzinfo=PARIS)),
        (datetime(2026, 3, 30, 6, 59, tzinfo=PARIS), datetime(2026, 3, 23, 7, 0, tzinfo=PARIS)),
    ],
)
def test_the_timetable_calls_it_on_monday_at_seven_in_paris(now: datetime, slot: datetime) -> None:
    (task,) = (task for task in TASKS if task.name == "desk_digest")
    assert task.last_slot(now).astimezone(PARIS) == slot
