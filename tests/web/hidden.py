"""Demands that few may read, with all that may lead to them: what came, what leaves, what is to be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from PIL import Image

from crm.attachments import Giving, attach_files, check_file, stage_file
from crm.cases import (
    CaseSheet,
    CaseState,
    Restriction,
    declare_incident,
    incident_of,
    one_case,
    restrict_case,
    start_lot,
)
from crm.cases.orders import NewOrder, ask_order, withdraw_order
from crm.cases.rounds import NewRound, make_round
from crm.foundation import SYSTEM, Actor, UnitOfWork, Units
from crm.foundation.settings import Files
from crm.guests import ask_opinion
from crm.inbox import made_case
from crm.interactions import Message, PhoneCall, queue_message
from crm.notifications import batch_letters
from tests import given
from tests.given import TOWN
from tests.guests.outside import asking
from tests.inbox.arriving import arrived
from tests.web.world import World

SECRET = "zorglonde"  # a word that no page of ours holds
_TOLD = f"Un agent {SECRET} m’a frappé"
_STATES = (CaseState.IN_PROGRESS, CaseState.RESOLVED, CaseState.WAITING_REQUESTER)


@dataclass(frozen=True)
class Hidden:
    """
    Args:
        at: for the name of a part of an address, what it may be there: all that belongs to the demands.
    """

    references: Sequence[str]
    at: Mapping[str, Sequence[object]]


def hide(units: Units, world: World, **restriction: object) -> Hidden:
    """A mail, a call and a form of the portal made demands: each in its state, one led by the roads."""
    with units.begin(SYSTEM) as uow:
        cases = [_case(uow, world, state, way) for state, way in zip(_STATES, _WAYS, strict=True)]
    with units.begin(SYSTEM) as uow:
        at: dict[str, Sequence[object]] = {"reference": [case.reference for case in cases]}
        at |= _to_do(uow, world, cases[0]) | _said(uow, world, cases[0])
        _order(uow, world, cases[2].reference)
    inbound_id = _arrived(units, cases[0].id)
    lead = Actor(
        kind="agent",
        id=world.ids["team_lead"],
        roles=frozenset({"team_lead"}),
        unit_ids=frozenset({world.services["voirie"]}),
    )
    with units.begin(lead) as uow:
        lot_id = start_lot(uow, "accept", {}, [case.reference for case in cases])
    told: dict[str, object] = {"reason": "grave", "motive": f"Motif {SECRET}.", **restriction}
    with units.begin(SYSTEM) as uow:
        for case in cases:
            restrict_case(uow, case.reference, Restriction(**told))  # type: ignore[arg-type]
    at |= {"inbound_id": [inbound_id], "lot_id": [lot_id], "number": [1]}
    at |= {"contact_id": [case.contact_id for case in cases if case.contact_id]}
    return Hidden([case.reference for case in cases], at)


_WAYS = (("letter", "email"), ("phone", "web"), ("email", "phone"))  # how it is answered, how it came


def _case(uow: UnitOfWork, world: World, state: CaseState, way: tuple[str, str]) -> CaseSheet:
    who = given.contact(uow, phone="06 39 98 00 44")
    told = {"object": _TOLD, "contact_id": who, "answer_channel": way[0], "channel": way[1]}
    reference = given.open_case(uow, world.book, state, place=given.place(TOWN), **told)
    return one_case(uow.session, SYSTEM, reference)


def _to_do(uow: UnitOfWork, world: World, case: CaseSheet) -> dict[str, Sequence[object]]:
    """A picture, an order of another unit that was withdrawn, a round, an incident, a link."""
    held = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(held, "JPEG")
    picture = check_file(BytesIO(held.getvalue()), f"{SECRET}.jpg", Files())
    token = stage_file(uow, case, picture)
    attach_files(uow, case, case.id, [token], Giving(from_usager=True))
    _order(uow, world, case.reference)
    withdraw_order(uow, case.reference, 1, motive=SECRET, seen_version=1)
    tour = NewRound(
        unit_id=world.services["voirie"],
        day=uow.now.date(),
        stops=[(case.reference, None)],
        agent_id=world.ids["field_agent"],
    )
    round_id = make_round(uow, tour).id
    until = uow.now + timedelta(hours=4)
    declare_incident(uow, case.reference, announcement=_TOLD, valid_until=until)
    incident = incident_of(uow.session, case.id)
    assert incident is not None
    link_id = ask_opinion(uow, case.reference, asking(uow, question=SECRET))
    return {"file": [token], "round_id": [round_id], "incident_id": [incident.id], "link_id": [link_id]}


def _order(uow: UnitOfWork, world: World, reference: str) -> None:
    new = NewOrder(key=uuid4().hex, unit_id=world.services["eclairage"], work=_TOLD)
    ask_order(uow, world.book, reference, new)


def _said(uow: UnitOfWork, world: World, case: CaseSheet) -> dict[str, Sequence[object]]:
    """A letter in a batch; a call that an agent said to be about it."""
    sent = Message(
        kind="answer", channel="letter", recipient=f"{SECRET}\n99000 Rivebois", subject=_TOLD, body=_TOLD
    )
    letter_id = queue_message(uow, case, case.id, sent)
    batch_id = batch_letters(uow, [letter_id])
    call = PhoneCall(
        exchange_id=uuid4().hex,
        caller="+33639980044",
        line="+33199000000",
        agent_id=world.ids["advisor"],
        created_at=uow.now,
        answered_at=uow.now,
        interaction_id=letter_id,
    )
    uow.session.add(call)
    uow.session.flush()
    return {"batch_id": [batch_id], "interaction_id": [letter_id], "call_id": [call.id]}


def _arrived(units: Units, case_id: int) -> int:
    came = arrived(units, f"Bonjour,\n\n{_TOLD}.", Subject=SECRET)
    with units.begin(SYSTEM) as uow:
        made_case(uow, came.id, came.version, case_id)
    return came.id
