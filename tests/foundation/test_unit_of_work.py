"""A fact and what must follow are written together or not at all; then nobody can change the fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from crm.foundation import SYSTEM, Delivery, Event, EventRow, FrozenClock, Sessions, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class BellRung(Event):
    kind: ClassVar[str] = "bell.rung"
    subject_kind: ClassVar[str] = "bell"
    times: int
    by: str | None = None


@pytest.fixture
def bells(sessions: Sessions, clock: FrozenClock) -> Units:
    return Units(sessions, clock, {BellRung: ("open_the_door", "wake_the_dog")})


def test_a_fact_and_its_deliveries_are_written_together(bells: Units, clock: FrozenClock) -> None:
    with bells.begin(SYSTEM) as uow:
        uow.record(BellRung(subject_id=7, times=2))

    with bells.reading() as session:
        fact = session.scalars(sa.select(EventRow).where(EventRow.kind == "bell.rung")).one()
        jobs = session.scalars(sa.select(Delivery.job).where(Delivery.event_id == fact.id)).all()
        written = (fact.subject_kind, fact.subject_id, fact.actor_kind, fact.at, fact.data)
    assert written == ("bell", 7, "system", clock.now(), {"times": 2})
    assert set(jobs) == {"open_the_door", "wake_the_dog"}


def test_an_error_leaves_neither_fact_nor_delivery(bells: Units) -> None:
    with pytest.raises(RuntimeError), bells.begin(SYSTEM) as uow:
        uow.record(BellRung(subject_id=8, times=1))
        raise RuntimeError

    with bells.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).where(EventRow.kind == "bell.rung")) == 0


@pytest.mark.parametrize(
    "attempt",
    ["UPDATE events SET kind = 'other'", "DELETE FROM events", "TRUNCATE events CASCADE"],
)
def test_postgresql_itself_refuses_to_rewrite_what_happened(bells: Units, attempt: str) -> None:
    with bells.begin(SYSTEM) as uow:
        uow.record(BellRung(subject_id=9, times=1))

    with pytest.raises(DBAPIError, match="append-only"), bells.begin(SYSTEM) as uow:
        uow.session.execute(sa.text(attempt))


def test_a_reading_session_changes_nothing(bells: Units) -> None:
    with bells.reading() as session:
        session.execute(sa.text("INSERT INTO organizations (code, kind, name) VALUES ('x', 'other', 'X')"))

    with bells.reading() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM organizations WHERE code = 'x'")) == 0
