"""Work asked of another service is not forgotten once its own day has passed."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from crm.cases.orders import NewOrder, ask_order, withdraw_order
from crm.foundation import SYSTEM
from crm.promises import warn_of_late_orders
from tests import given
from tests.promises.house import Promised, agent_id

KIND = "order_late"
TUESDAY, WEDNESDAY = date(2026, 9, 15), date(2026, 9, 16)


@pytest.fixture
def lit(promised: Promised) -> int:
    """Who leads the lighting, asked by the roads to cut the current."""
    with promised.units.begin(SYSTEM) as uow:
        return agent_id(uow, given.agent(uow, "team_lead", unit="eclairage"))


def ask(promised: Promised, reference: str, due_on: date = TUESDAY) -> None:
    with promised.units.begin(given.actor("supervisor", id=promised.leads["supervisor"])) as uow:
        new = NewOrder(key=uuid4().hex, unit_id=promised.town.lighting, work="Couper.", due_on=due_on)
        ask_order(uow, promised.town.book, reference, new)


def warn(promised: Promised) -> list[int]:
    with promised.units.begin(SYSTEM) as uow:
        return sorted(warn_of_late_orders(uow))


def test_the_next_morning_both_services_are_told_once(promised: Promised, lit: int) -> None:
    ask(promised, promised.open())
    promised.at("2026-09-16 06:59")
    assert warn(promised) == [], "the day is not over, then it is the night"
    promised.at("2026-09-16 07:00")
    both = sorted([lit, promised.leads["lead"]])
    assert warn(promised) == both and warn(promised) == []
    assert sorted(promised.told()) == sorted((KIND, one) for one in both)
    promised.at("2026-09-17 07:00")
    assert warn(promised) == []


def test_each_day_is_told_by_itself(promised: Promised, lit: int) -> None:
    reference = promised.open()
    ask(promised, reference)
    ask(promised, reference)
    ask(promised, reference, WEDNESDAY)
    promised.at("2026-09-16 09:00")
    assert len(warn(promised)) == 2, "two orders of one day are told in one notice"
    promised.at("2026-09-17 09:00")
    assert len(warn(promised)) == 2


def test_what_was_withdrawn_leaves_the_bell(promised: Promised, lit: int) -> None:
    reference = promised.open()
    ask(promised, reference)
    promised.at("2026-09-16 09:00")
    assert warn(promised) and promised.unread() == 2
    with promised.units.begin(given.actor("supervisor", id=promised.leads["supervisor"])) as uow:
        withdraw_order(uow, reference, 1, motive="Inutile.", seen_version=1)
    assert warn(promised) == [] and promised.unread() == 0


def test_a_service_that_nobody_leads_is_told_to_the_supervisors(promised: Promised) -> None:
    ask(promised, promised.open(category_code="ECLA-01"))
    promised.at("2026-09-16 09:00")
    assert warn(promised) == [promised.leads["supervisor"]]


def test_what_is_late_for_weeks_is_no_news(promised: Promised, lit: int) -> None:
    ask(promised, promised.open())
    promised.at("2026-09-30 09:00")
    assert warn(promised) == []
