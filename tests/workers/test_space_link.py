"""The link into a resident's space leaves once, to a mailbox that is known, and stands nowhere but in it."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
import sqlalchemy as sa

from crm.foundation import RESIDENT, SYSTEM, Delivery, EventRow
from crm.interactions import Interaction
from crm.space import SpaceLinkAsked, ask_link, link_signed
from crm.wiring import Wiring
from tests import given
from tests.own_database import mails_to
from tests.servers import Servers
from tests.web.world import World
from workers.jobs.run import do_deliveries


@pytest.fixture
def mailbox(wired: Wiring, world: World) -> str:
    """Of somebody we know, in a house with the delivered texts."""
    email = f"{uuid4().hex}@usagers.example"
    with wired.units.begin(SYSTEM) as uow:
        given.contact(uow, email=email)
    return email


def _due(wired: Wiring) -> list[int]:
    asked = (
        sa.select(Delivery.id)
        .join(EventRow)
        .where(EventRow.kind == SpaceLinkAsked.kind, Delivery.done_at.is_(None))
    )
    with wired.sessions() as session:
        return list(session.scalars(asked))


def test_the_link_reaches_the_mailbox_and_no_table(wired: Wiring, mailbox: str, servers: Servers) -> None:
    with wired.units.begin(RESIDENT) as uow:
        ask_link(uow, mailbox)
    do_deliveries(wired, _due(wired))
    assert _due(wired) == []
    (file,) = mails_to(servers.outbox_folder, mailbox)
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    token = re.search(r"/mon-espace/entrer/(\S+)", body)
    assert token is not None
    assert link_signed(wired.settings.secret_key.get_secret_value(), token[1]) is not None
    with wired.sessions() as session:
        said = sa.select(sa.func.count()).where(Interaction.body.contains("/mon-espace/entrer/"))
        assert session.scalars(said).one() == 0


def test_an_address_that_nobody_gave_us_receives_nothing(wired: Wiring, servers: Servers) -> None:
    stranger = f"{uuid4().hex}@usagers.example"
    with wired.units.begin(RESIDENT) as uow:
        ask_link(uow, stranger)
    do_deliveries(wired, _due(wired))
    assert mails_to(servers.outbox_folder, stranger) == []
