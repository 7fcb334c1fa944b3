"""Does it take longer for who calls than for who writes? What one counts by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState
from crm.foundation import NotAllowed, UnitOfWork
from crm.reporting import ChannelDelay, delays_by_channel
from tests import given
from tests.given import Town


@pytest.fixture
def town(uow: UnitOfWork) -> Town:
    return given.town(uow)


def _answered(uow: UnitOfWork, town: Town, channel: str, after_days: int, **more: object) -> None:
    reference = given.open_case(uow, town.book, CaseState.CLOSED, channel=channel)
    received = uow.now - timedelta(days=after_days)
    known = {
        "received_at": received,
        "answered_at": uow.now,
        "announced_due_at": received + timedelta(days=5),
    }
    case = sa.update(Case).where(Case.reference == reference)
    uow.session.execute(case.values(**{**known, **more}))


def test_each_channel_has_its_delays_whatever_the_others_do(uow: UnitOfWork, town: Town) -> None:
    for days in (1, 2, 3):
        _answered(uow, town, "phone", days)
    _answered(uow, town, "letter", 10, reopen_count=1)
    waits_again = given.open_case(uow, town.book, channel="phone")
    uow.session.execute(sa.update(Case).where(Case.reference == waits_again).values(reopen_count=1))
    given.open_case(uow, town.book, channel="web")  # not answered: it is in no delay
    since = uow.now - timedelta(days=90)
    assert delays_by_channel(uow.session, given.actor("supervisor"), since) == [
        ChannelDelay("phone", 3, timedelta(days=2), timedelta(days=2.8), kept=100, reopened=25),
        ChannelDelay("letter", 1, timedelta(days=10), timedelta(days=10), kept=0, reopened=100),
    ]


def test_what_was_answered_before_the_period_does_not_count(uow: UnitOfWork, town: Town) -> None:
    _answered(uow, town, "phone", 3, answered_at=uow.now - timedelta(days=91))
    since = uow.now - timedelta(days=90)
    assert delays_by_channel(uow.session, given.actor("supervisor"), since) == []


def test_a_lead_sees_their_unit_and_a_desk_nothing(uow: UnitOfWork, town: Town) -> None:
    _answered(uow, town, "phone", 3)
    since = uow.now - timedelta(days=90)
    elsewhere = given.actor("team_lead", unit=town.lighting)
    assert delays_by_channel(uow.session, elsewhere, since) == []
    with pytest.raises(NotAllowed):
        delays_by_channel(uow.session, given.actor("config_admin"), since)
