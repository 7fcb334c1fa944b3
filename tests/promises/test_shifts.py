"""Who is on call for a unit: planned by those who lead it, for hours that mean something."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.foundation import Invalid, NotAllowed, NotFound
from crm.promises import plan_shift, shifts, withdraw_shift
from crm.promises.models import OnCallShift
from tests import given
from tests.promises.house import Promised, paris, plan


def test_whoever_is_called_for_a_unit_has_no_say_in_who_is_called_next(promised: Promised) -> None:
    promised.at("2026-09-18 12:00")
    plan(promised)
    lent = replace(
        given.actor("team_lead", unit=promised.town.roads), stands_by=frozenset({promised.town.roads})
    )
    with promised.units.begin(lent) as uow:
        assert shifts(uow.session, lent, uow.now) == []
        with pytest.raises(NotFound):
            withdraw_shift(uow, uow.session.scalars(sa.select(OnCallShift.id)).one())
        with pytest.raises(NotFound):
            plan_shift(
                uow,
                promised.town.roads,
                agent_id=promised.leads["field"],
                phone="",
                starts_at=paris("2026-09-21 08:00"),
                ends_at=paris("2026-09-22 08:00"),
            )


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"ends_at": paris("2026-09-18 17:00")}, "ends_at"),
        ({"ends_at": paris("2026-09-18 18:00") + timedelta(days=40)}, "ends_at"),
        ({"phone": "appelez-moi"}, "phone"),
        ({"agent_id": 0}, "agent_id"),
        ({"weeks": 99}, "weeks"),
    ],
)
def test_a_shift_that_means_nothing_is_refused(
    promised: Promised, told: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        plan(promised, **told)
    assert list(refused.value.fields) == [field]


def test_a_weekly_shift_keeps_its_hour_when_clocks_change(promised: Promised) -> None:
    starts, ends = paris("2026-10-23 18:00"), paris("2026-10-24 08:00")
    plan(promised, starts_at=starts, ends_at=ends, weeks=2)
    with promised.units.reading() as session:
        lines = shifts(session, given.actor("supervisor"), promised.clock.now())
    assert [line.starts_at for line in lines] == [starts, paris("2026-10-30 18:00")]


def test_a_unit_plans_its_own_on_call_and_no_other(promised: Promised) -> None:
    plan(promised)
    with promised.units.reading() as session:
        mine = shifts(session, given.actor("team_lead", unit=promised.town.roads), promised.clock.now())
        theirs = shifts(session, given.actor("team_lead", unit=promised.town.lighting), promised.clock.now())
    assert (len(mine), theirs) == (1, [])
    other = given.actor("team_lead", unit=promised.town.lighting)
    with pytest.raises((NotAllowed, NotFound)), promised.units.begin(other) as uow:
        withdraw_shift(uow, mine[0].id)
