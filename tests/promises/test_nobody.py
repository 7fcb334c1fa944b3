"""What no unit has is not forgotten: after an hour of service somebody is told, one at a time."""

from __future__ import annotations

from crm.cases import CaseState, Restriction, restrict_case
from crm.foundation import SYSTEM
from crm.promises import mark_read, reckoning, warn_of_nobody
from tests import given
from tests.promises.house import Promised


def warn(promised: Promised) -> list[int]:
    with promised.units.begin(SYSTEM) as uow:
        return warn_of_nobody(uow, reckoning(uow.session))


def read_all(promised: Promised) -> None:
    with promised.units.begin(given.actor("supervisor", id=promised.leads["supervisor"])) as uow:
        mark_read(uow)


def test_an_hour_without_a_unit_is_told_to_the_supervisors_once(promised: Promised) -> None:
    promised.open()  # this one has a unit
    promised.open(CaseState.REGISTERED, category_code="VIE-01")
    promised.later(minutes=59)
    assert warn(promised) == []
    promised.later(minutes=1)
    assert warn(promised) == [promised.leads["supervisor"]]
    assert promised.told() == [("nobody", promised.leads["supervisor"])]
    read_all(promised)
    promised.later(hours=3)
    assert warn(promised) == []


def test_one_at_a_time_the_oldest_first(promised: Promised) -> None:
    for _ in range(3):
        promised.open(CaseState.REGISTERED, category_code="VIE-01")
    promised.later(hours=2)
    assert warn(promised) and not warn(promised)  # until it is read
    read_all(promised)
    assert warn(promised) and not warn(promised)
    assert len(promised.told()) == 2


def test_once_a_unit_has_it_the_bell_is_free_for_the_next(promised: Promised) -> None:
    first = promised.open(CaseState.REGISTERED, category_code="VIE-01")
    promised.open(CaseState.REGISTERED, category_code="VIE-01")
    promised.later(hours=2)
    assert warn(promised)
    promised.act(first, "route")
    assert warn(promised) == [promised.leads["supervisor"]]
    assert promised.unread() == 1


def test_the_night_does_not_count(promised: Promised) -> None:
    promised.at("2026-09-15 17:30")
    promised.open(CaseState.REGISTERED, category_code="VIE-01")
    promised.at("2026-09-16 03:00")
    assert warn(promised) == []
    promised.at("2026-09-16 08:30")
    assert warn(promised)


def test_what_a_unit_gives_back_counts_from_then(promised: Promised) -> None:
    reference = promised.open()
    promised.at("2026-09-16 09:00")
    promised.act(reference, "bounce")
    promised.at("2026-09-16 09:30")
    assert warn(promised) == []
    promised.at("2026-09-16 10:00")
    assert warn(promised)


def test_what_none_of_them_may_read_hides_no_other(promised: Promised) -> None:
    about_them = promised.open(CaseState.REGISTERED, category_code="VIE-01")
    promised.later(minutes=10)
    promised.open(CaseState.REGISTERED, category_code="VIE-01")
    supervisor = promised.leads["supervisor"]
    with promised.units.begin(SYSTEM) as uow:
        told = Restriction(reason="about_agent", motive="Plainte.", concerned_agent_ids=(supervisor,))
        restrict_case(uow, about_them, told)
    promised.later(hours=2)
    assert warn(promised) == [supervisor]
