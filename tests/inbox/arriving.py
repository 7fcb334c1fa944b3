"""Mails that arrive and wait, as the relay and the workers leave them; agents who sort them."""

from __future__ import annotations

from crm.access import AGENT_ROLES
from crm.channels import Arrival
from crm.foundation import SYSTEM, Actor, Units
from crm.inbox import ArrivalSheet, one_arrival, store_inbound, understand
from tests import given
from tests.channels.mails import RECEIVER, mail

ADVISOR = given.actor("advisor", id=71)
COLLEAGUE = given.actor("advisor", id=72)
NOT_SORTING = tuple(given.actor(role) for role in AGENT_ROLES if role not in {"advisor", "supervisor"})


def arrived(units: Units, body: str = "Bonjour,\n\nIl y a un trou.", **headers: str) -> ArrivalSheet:
    """A mail that came, was read, and was given the end that rules give."""
    content = mail(body, **headers)
    with units.begin(SYSTEM) as uow:
        external_id = str(hash(content))
        inbound_id = store_inbound(uow, "email", Arrival(external_id=external_id, content=content))
        assert inbound_id is not None
    with units.begin(SYSTEM) as uow:
        understand(uow, {"email": RECEIVER}, inbound_id)
    return kept(units, inbound_id)


def kept(units: Units, inbound_id: int, actor: Actor = ADVISOR) -> ArrivalSheet:
    with units.reading() as session:
        return one_arrival(session, actor, inbound_id)
