"""Who leads a unit hears that work is asked of it."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa

from crm.cases import Rulebook
from crm.cases.orders import NewOrder, accept_order, ask_order
from crm.foundation import SYSTEM, Actor
from crm.promises import Notice
from crm.staff import actor_of
from crm.wiring import Wiring
from tests import given
from tests.at_work import work
from tests.web.world import World


def _asked(wired: Wiring, world: World, by: Actor, *, is_accepted: bool = False) -> list[int]:
    """Whom the bell calls, once the roads were asked for work on a lamp."""
    book: Rulebook = world.book
    with wired.units.begin(SYSTEM) as uow:
        lamp = given.open_case(uow, book, category_code="ECLA-01")
    with wired.units.begin(by) as uow:
        new = NewOrder(key=uuid4().hex, unit_id=world.services["voirie"], work="Ouvrir la fouille.")
        number = ask_order(uow, book, lamp, new)
        if is_accepted:
            uow.session.flush()
            accept_order(uow, lamp, number, seen_version=1)
    last = sa.select(sa.func.max(Notice.id))
    with wired.sessions() as session:
        before = session.scalar(last) or 0
    work(wired)
    told = sa.select(Notice.agent_id).where(Notice.kind == "order_asked", Notice.id > before)
    with wired.sessions() as session:
        return list(session.scalars(told))


def test_the_lead_is_told_unless_they_asked_or_have_answered(wired: Wiring, world: World) -> None:
    lead = world.ids["team_lead"]
    with wired.sessions() as session:
        boss = actor_of(session, world.ids["supervisor"])
    assert boss is not None
    assert _asked(wired, world, boss) == [lead]
    assert _asked(wired, world, boss, is_accepted=True) == []
    assert _asked(wired, world, given.actor("supervisor", id=lead)) == []
