"""Cases: within reach, those of a list; anybody's public side; a new one."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from hashlib import sha256

from flask import request, url_for

from crm.access import Permission, allows, reach_marks
from crm.api.public_case import may_show, public_case
from crm.api.v1 import pages
from crm.api.v1.asking import Caller, etag
from crm.api.v1.blueprint import Refused
from crm.api.v1.case_shapes import Case, CaseFilters, CaseGiven, CaseLine, CasePage, Inside
from crm.api.v1.operations import Asking, Operation, Reply, offers
from crm.api.v1.shapes import said
from crm.cases import (
    WHOLE,
    AlreadyRegistered,
    CaseSheet,
    ListFilters,
    Opened,
    list_page,
    opened,
    parse_reference,
    passed_by,
    steps_from,
    tracked_case,
)
from crm.contacts import NewContact
from crm.foundation import NotFound, clean
from crm.http import language, reading, unit_of_work, wiring
from crm.intake import Demand, PlaceGiven, register_demand
from crm.staff import UnitCard

_SORTS = {"due": "echeance", "received": "recue", "priority": "priorite"}
OFFERED = frozenset({"accept", "plan", "resolve"})
_NO_UNIT = -1  # a code that no service has: nothing is in its hands


@offers(
    Operation(
        name="listCases",
        method="GET",
        path="/cases",
        summary="Demands within the token's reach, page by page.",
        scope="read",
        query=CaseFilters,
        answer=CasePage,
        paged=True,
        refusals=(403,),
    )
)
def list_cases(asking: Asking) -> Reply:
    actor, query = asking.caller.actor, asking.query
    if reach_marks(actor) == frozenset():
        raise Refused(403, "no_perimeter")
    filters = _filters(query)
    after = pages.read(query.after, with_priority=filters.order == "priorite")
    with reading() as session:
        lines = list_page(
            session, actor, WHOLE, filters, wiring().clock.now(), after=after, limit=query.limit + 1
        )
    more = len(lines) > query.limit
    lines = lines[: query.limit]
    units = wiring().rulebooks.units()
    following = pages.written(passed_by(lines[-1], filters)) if more else None
    items = [
        CaseLine(
            reference=line.reference,
            title=line.title,
            category_code=line.category_code,
            state=line.state,
            priority=line.priority,
            place=line.place_label,
            insee=line.insee,
            unit_code=_code(units.get(line.unit_id or 0)),
            due_at=said(line.due_at),
            planned_on=line.planned_on,
            received_at=said(line.received_at),
        )
        for line in lines
    ]
    return Reply(CasePage(items=items, next=following), pages.link_to(following))


def _filters(query: CaseFilters) -> ListFilters:
    codes = {card.code: unit_id for unit_id, card in wiring().rulebooks.units().items()}
    return ListFilters(
        state=query.state,
        unit_id=codes.get(query.unit, _NO_UNIT) if query.unit else None,
        category=query.category or "",
        insee=query.insee or "",
        channel=query.channel or "",
        priority=query.priority,
        received_from=query.received_from,
        received_until=query.received_until,
        is_late=query.late == "true",
        text=clean(query.q or ""),
        sort=_SORTS[query.sort],
    )


@offers(
    Operation(
        name="readCase",
        method="GET",
        path="/cases/<reference>",
        summary="One demand: whole within reach, else its public side.",
        scope="read",
        answer=Case,
        etag=True,
        refusals=(404,),
    )
)
def read_case(asking: Asking, reference: str) -> Reply:
    return shown(asking.caller, parse_reference(reference))


@offers(
    Operation(
        name="createCase",
        method="POST",
        path="/cases",
        summary="Register a demand. The same Idempotency-Key again gives the same demand.",
        scope="create",
        body=CaseGiven,
        answer=Case,
        status=201,
        repeatable=True,
        etag=True,
        refusals=(409,),
    )
)
def create_case(asking: Asking) -> Reply:
    given: CaseGiven = asking.body
    partner = asking.caller.partner
    demand = _demand(given, _key(partner.id or 0))
    book = wiring().rulebooks.current()
    try:
        with unit_of_work(partner) as uow:
            done = register_demand(uow, book, demand)
    except AlreadyRegistered:
        with unit_of_work(partner) as uow:
            known = opened(uow, demand.key)
        if known is None:
            raise
        done = known
    reply = shown(asking.caller, done.reference)
    _same(done, demand)
    where = url_for("v1.readCase", reference=done.reference)
    return Reply(reply.told, {**reply.headers, "Location": where})


def _demand(given: CaseGiven, key: str) -> Demand:
    place, contact = given.place, given.contact
    return Demand(
        key=key,
        object=given.object,
        channel="partner_api",
        category_code=given.category_code,
        answers=given.answers,
        place=PlaceGiven(text=place.text, hint=place.hint, lon=place.lon, lat=place.lat, insee=place.insee)
        if place
        else None,
        contact=NewContact(
            kind="organization" if contact.organization_name else "person",
            **{**contact.model_dump(), "postal": tuple(contact.postal)},
        )
        if contact
        else None,
        answer_channel=given.answer_channel,
        received_at=given.received_at,
    )


def _key(key_id: int) -> str:
    given = request.headers.get("Idempotency-Key", "")
    tail = sha256(given.encode()).hexdigest() if given else secrets.token_urlsafe(24)
    return f"v1-{key_id}-{tail}"


def _same(done: Opened, demand: Demand) -> None:
    """
    Raises:
        Refused: the key served for something else, which would be lost in silence.
    """
    if done.assessment is not None:
        return
    with reading() as session:
        kept = tracked_case(session, done.reference)
    if kept is None or kept.object != clean(demand.object):
        raise Refused(409, "key_already_served")


def shown(caller: Caller, reference: str) -> Reply:
    """As this caller may read it now. Raises NotFound."""
    catalogue, _index = wiring().rulebooks.categories()
    with reading() as session:
        case = tracked_case(session, reference)
    actor = caller.actor
    if case is None or not (allows(actor, Permission.CASE_VIEW, case) or may_show(case, catalogue, actor)):
        raise NotFound(reference=reference)
    public = asdict(public_case(case, catalogue, english=language() == "en"))
    inside = _inside(case, caller) if allows(actor, Permission.CASE_VIEW, case) else None
    return Reply(Case(**public, version=case.version, inside=inside), etag(case.version))


def _code(unit: UnitCard | None) -> str | None:
    return unit.code if unit else None


def _inside(case: CaseSheet, caller: Caller) -> Inside:
    actor = caller.actor
    units = wiring().rulebooks.units()
    steps = steps_from(case.state, has_unit=case.unit_id is not None)
    knows = allows(actor, Permission.CONTACT_VIEW, case)
    return Inside(
        state=case.state,
        priority=case.priority,
        channel=case.channel,
        object=case.object,
        answers={name: str(value) for name, value in case.answers.items()},
        place=case.place_label,
        place_hint=case.place_hint,
        insee=case.insee,
        lon=case.lon,
        lat=case.lat,
        unit_code=_code(units.get(case.unit_id or 0)),
        due_at=said(case.due_at),
        planned_on=case.planned_on,
        outcome=case.outcome,
        contact_id=case.contact_id if knows else None,
        follower_count=case.follower_count,
        reopen_count=case.reopen_count,
        verbs=[s.verb for s in steps if s.verb in OFFERED and allows(actor, s.permission, case)],
    )
