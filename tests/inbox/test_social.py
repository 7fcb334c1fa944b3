"""A mention or a private message of a network: kept raw, waits for a person with its link."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr

from crm.channels import Receiver, open_receivers, sign
from crm.foundation import SYSTEM, EventRow, Settings, Units
from crm.foundation.settings import Social
from crm.inbox import Inbound, made_case, store_inbound, understand
from tests import given

SECRET = "whsec_bmV0d29ya3M="
ZOE = {
    "network": "mastodon", "type": "mention", "author": "@zoe@reseau.example",
    "link": "https://reseau.example/@zoe/1", "text": "Le lampadaire clignote",
}  # fmt: skip


def receivers() -> dict[str, Receiver]:
    return open_receivers(Settings(social=Social(secret=SecretStr(SECRET))))


def told(units: Units, **said: Any) -> Inbound:
    """Signed, stored, understood: how it ended."""
    body, now = json.dumps(said).encode(), units.clock.now()
    (arrival,) = receivers()["social"].arrivals(_signed(body, now), body, now)  # type: ignore[attr-defined]
    with units.begin(SYSTEM) as uow:
        store_inbound(uow, "social", arrival)
    with units.begin(SYSTEM) as uow:
        named = sa.select(Inbound.id).where(Inbound.external_id == arrival.external_id)
        inbound_id = uow.session.scalars(named).one()
        understand(uow, receivers(), inbound_id)
    with units.sessions() as session:
        return session.get_one(Inbound, inbound_id)


def _signed(body: bytes, now: datetime) -> dict[str, str]:
    stamp = str(int(now.timestamp()))
    mark = sign(SECRET, "w1", stamp, body)
    return {"webhook-id": "w1", "webhook-timestamp": stamp, "webhook-signature": mark}


def test_it_waits_for_a_person_with_its_link(units: Units) -> None:
    row = told(units, id="1", **ZOE)
    assert (row.outcome, row.sender, row.details["link"]) == ("waiting", ZOE["author"], ZOE["link"])
    assert (row.details["network_type"], row.text) == ("mention", ZOE["text"])
    assert told(units, id="1", **ZOE).id == row.id, "told again, it is the same one"


def test_what_follows_a_message_that_made_a_demand_is_proposed_to_it(units: Units) -> None:
    """A handle is no proof of who somebody is: an agent says so."""
    first = told(units, id="1", **ZOE)
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        reference = given.open_case(uow, town.book, channel="social", answer_channel="none")
        case_id = uow.session.scalar(sa.text("SELECT id FROM cases WHERE reference = :r"), {"r": reference})
    with units.begin(SYSTEM) as uow:
        made_case(uow, first.id, first.version, case_id)
    row = told(units, id="2", answers="1", **{**ZOE, "type": "private", "text": "C’est au 12."})
    assert (row.outcome, row.reason, row.case_id) == ("confirm", "unknown_sender", case_id)
    other = told(units, id="3", answers="1", **{**ZOE, "author": "@luc@reseau.example"})
    assert (other.outcome, other.case_id) == ("waiting", None), "somebody else answers that post"


def test_what_cannot_be_read_waits_for_a_person(units: Units) -> None:
    row = told(units, id="9", **{**ZOE, "type": "like"})
    assert (row.outcome, row.reason) == ("waiting", "unknown_event")
    with units.reading() as session:
        kept = sa.select(EventRow.kind).where(
            EventRow.subject_kind == "inbound", EventRow.subject_id == row.id
        )
        assert set(session.scalars(kept)) == {"inbound.stored", "inbound.settled"}
