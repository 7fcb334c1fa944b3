"""A service that never answers: who took the case is chased twice, then who leads, then the centre."""

from __future__ import annotations

import sqlalchemy as sa

from crm.cases import Case, accept_case
from crm.foundation import SYSTEM
from crm.staff import Agent
from tests import given
from tests.acting import version
from tests.promises.house import Promised


def _taken_by(promised: Promised, who: str) -> None:
    reference = promised.open()
    taker = given.actor("team_lead", unit=promised.town.roads, id=promised.leads[who])
    with promised.units.begin(taker) as uow:
        accept_case(uow, reference, seen_version=version(uow, reference))
        assert uow.session.scalars(sa.select(Case.accepted_by_id)).one() == promised.leads[who]
    promised.follow()


def _remind_all_along(promised: Promised) -> list[tuple[str, int]]:
    for moment in ("2026-09-18 17:00", "2026-09-22 13:00", "2026-09-22 18:00", "2026-09-25 18:00"):
        promised.at(moment)
        promised.remind()
    return [told for told in promised.told() if told[0].startswith("resolution")]


def test_a_named_person_twice_then_the_head_then_the_centre(promised: Promised) -> None:
    _taken_by(promised, "field")
    field, lead, centre = (promised.leads[who] for who in ("field", "lead", "supervisor"))
    assert _remind_all_along(promised) == [
        ("resolution_half", field),
        ("resolution_nearly", field),
        ("resolution_due", lead),
        ("resolution_overdue", centre),
    ]


def test_once_that_person_has_left_the_head_is_chased_from_the_first(promised: Promised) -> None:
    _taken_by(promised, "field")
    with promised.units.begin(SYSTEM) as uow:
        gone = sa.update(Agent).where(Agent.id == promised.leads["field"]).values(is_active=False)
        uow.session.execute(gone)
    told = _remind_all_along(promised)
    assert [who for _kind, who in told] == [promised.leads["lead"]] * 2 + [promised.leads["supervisor"]]
