"""A unit closes: what it had goes to its heir, whole, or waits where it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from crm.cases import CaseState
from crm.foundation import SYSTEM, CrmError, Delivery, EventRow, FrozenClock, Sessions, Units
from crm.network import HandingOver, hand_over
from crm.staff import Unit, UnitClosed, close_unit, reopen_unit
from tests.given import kept_case
from tests.web.agents import Browser
from tests.web.world import World
from workers.jobs.run import do_deliveries

AT = "/console/administration"


@pytest.fixture
def admin(log_in: Callable[[str], Browser]) -> Browser:
    return log_in("config_admin")


def _work(app: Flask, sessions: Sessions, clock: FrozenClock) -> int:
    """What relay and workers do of closings, once every process knows of them. Returns how many are left."""
    clock.at += timedelta(minutes=1)
    app.extensions["crm"].rulebooks._directory._stale_at = 0
    asked = sa.select(Delivery.id).join(EventRow).where(EventRow.kind == UnitClosed.kind)
    with sessions() as session:
        due = asked.where(Delivery.done_at.is_(None), Delivery.due_at <= clock.at)
        ids = list(session.scalars(due))
    do_deliveries(app.extensions["crm"], ids)
    with sessions() as session:
        return len(list(session.scalars(asked.where(Delivery.done_at.is_(None)))))


def _name(sessions: Sessions, unit_id: int) -> str:
    with sessions() as session:
        return session.scalars(sa.select(Unit.name).where(Unit.id == unit_id)).one()


def test_a_closed_unit_says_where_what_it_had_goes_and_it_goes_there(
    admin: Browser, app: Flask, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    # given: a demand entrusted to the roads unit, which rules name
    reference = world.case(sessions, clock, CaseState.ASSIGNED, category_code="VOIR-01")
    roads, lighting = world.services["voirie"], world.services["eclairage"]
    page = admin.get(f"{AT}/services/{roads}/fermeture").text
    assert "Une demande ouverte passe" in page and "en vigueur" in page and "À qualifier" in page
    # when: closed without an heir, then with one
    refused = admin.post(f"{AT}/services/{roads}/fermeture", motive="Réorganisation")
    assert refused.status_code == 422
    done = admin.post(
        f"{AT}/services/{roads}/fermeture", motive="Réorganisation", heir_id=lighting, rules="1"
    )
    # then: the rules wait in a draft, the demand goes with its motive, nobody is entrusted with the rest
    assert "/competences/" in done.location and _name(sessions, lighting) in admin.get(done.location).text
    assert _work(app, sessions, clock) == 0
    assert kept_case(sessions, reference).unit_id == lighting
    with sessions() as session:
        assert not session.get(Unit, roads).is_active  # type: ignore[union-attr]
    sheet = admin.get(f"{AT}/services/{roads}").text
    assert "Ce qu’il avait passe au service" in sheet and "Aucune demande ouverte" in sheet
    assert admin.post(f"{AT}/services/{roads}/reouverture").status_code == 303


@pytest.mark.parametrize("state", [CaseState.IN_PROGRESS, CaseState.CLOSED])
def test_a_demand_that_changed_meanwhile_is_not_half_moved(
    world: World, units: Units, sessions: Sessions, clock: FrozenClock, state: CaseState
) -> None:
    # given: somebody worked on it, or closed it, after the list of what is to go was read
    reference = world.case(sessions, clock, state)
    before = kept_case(sessions, reference)
    seen = before.version - (state is CaseState.IN_PROGRESS)
    told = HandingOver("Voirie", world.services["eclairage"], "Réorganisation")
    # when, then
    with pytest.raises(CrmError), units.begin(SYSTEM) as uow:
        hand_over(uow, world.book, told, reference, seen)
    after = kept_case(sessions, reference)
    assert (after.unit_id, after.version, after.state) == (before.unit_id, before.version, state)


def test_what_cannot_go_yet_waits_and_goes_later(
    app: Flask, world: World, units: Units, sessions: Sessions, clock: FrozenClock
) -> None:
    # given: the heir closed too, before anything went
    reference = world.case(sessions, clock)
    roads, lighting = world.services["voirie"], world.services["eclairage"]
    for unit_id, heir_id in ((roads, lighting), (lighting, None)):
        with units.begin(SYSTEM) as uow:
            close_unit(uow, unit_id, heir_id=heir_id, motive="Réorganisation")
    assert _work(app, sessions, clock) == 1 and kept_case(sessions, reference).unit_id == roads
    # when
    with units.begin(SYSTEM) as uow:
        reopen_unit(uow, lighting)
    clock.at += timedelta(days=1)
    # then
    assert _work(app, sessions, clock) == 0 and kept_case(sessions, reference).unit_id == lighting
