"""Receipts to an address that anybody may type: a few a day, then the page and the reference alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from crm.cases import Case
from crm.foundation import ROOT, SYSTEM, EventRow, FrozenClock, Sessions, Units
from crm.interactions import Interaction
from crm.knowledge import load_replies
from crm.notifications import claim_due
from crm.wiring import Wiring
from tests.portal.resident import reported
from workers.jobs.run import do_deliveries


@pytest.fixture(autouse=True)
def _texts(units: Units, services: dict[str, int]) -> None:
    with units.begin(SYSTEM) as uow:
        load_replies(uow, ROOT / "config" / "replies")


def _work(client: FlaskClient) -> None:
    wired: Wiring = client.application.extensions["crm"]
    with wired.units.begin(SYSTEM) as uow:
        claimed = [one.id for one in claim_due(uow, 100) if one.job == "acknowledge"]
    do_deliveries(wired, claimed)


def _receipts(sessions: Sessions) -> int:
    with sessions() as session:
        count = sa.select(sa.func.count()).select_from(Interaction)
        return session.execute(count.where(Interaction.kind == "registration")).scalar_one()


def test_the_sixth_receipt_of_the_day_is_held_back_and_the_page_says_so(
    client: FlaskClient, sessions: Sessions, clock: FrozenClock
) -> None:
    for _ in range(5):
        token = reported(client, email="victime@exemple.fr", way="email")
        _work(client)
    assert "par courriel" in client.get(f"/signaler/recue/{token}").text and _receipts(sessions) == 5
    token = reported(client, email="victime@exemple.fr", way="email")
    _work(client)
    page = client.get(f"/signaler/recue/{token}").text
    assert "Plusieurs accusés" in page and "Notez la référence" in page
    with sessions() as session:
        held = session.scalars(sa.select(EventRow.kind).where(EventRow.kind == "receipt.held_back")).all()
        cases = session.execute(sa.select(sa.func.count()).select_from(Case)).scalar_one()
    assert (_receipts(sessions), len(held), cases) == (5, 1, 6)
    # another mailbox, or another day, is told as usual
    reported(client, email="lea@exemple.fr", way="email")
    clock.at += timedelta(days=1, minutes=1)
    reported(client, email="victime@exemple.fr", way="email")
    _work(client)
    assert _receipts(sessions) == 7
