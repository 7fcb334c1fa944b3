"""What is done to a case: the verbs of a unit, a note, a reply; and what was said about it."""

from __future__ import annotations

import secrets
from typing import Literal, cast

from flask import request

from crm import cases
from crm.api.v1 import pages, photos
from crm.api.v1.case_shapes import Case
from crm.api.v1.cases import shown
from crm.api.v1.operations import Asking, Operation, Reply, act_on, offers
from crm.api.v1.repeating import Act, act_once, done_before, remember
from crm.api.v1.shapes import Photo, said
from crm.api.v1.work_shapes import AfterQuery, Interaction, InteractionPage, NoteGiven, PlanGiven, ReportGiven
from crm.cases import SPOKEN, WorkReport, one_case, parse_reference
from crm.foundation import Actor, UnitOfWork
from crm.http import reading, unit_of_work, wiring
from crm.interactions import Exchange, exchanges, exchanges_after, known_exchange, one_message
from crm.notifications import reply_notice
from crm.promises import adapted_by


def _act(asking: Asking, reference: str, act: Act) -> Reply:
    return shown(asking.caller, act_once(asking, reference, act))


@offers(act_on("acceptCase", "/cases/<reference>/accept", "The unit takes it up.", answer=Case))
def accept(asking: Asking, reference: str) -> Reply:
    return _act(asking, reference, lambda uow, of, seen: cases.accept_case(uow, of, seen_version=seen))


@offers(
    act_on(
        "planCase",
        "/cases/<reference>/plan",
        "The day of the works is known; the resident is told.",
        answer=Case,
        body=PlanGiven,
    )
)
def plan(asking: Asking, reference: str) -> Reply:
    day = asking.body.planned_on
    return _act(
        asking, reference, lambda uow, of, seen: cases.plan_case(uow, of, planned_on=day, seen_version=seen)
    )


@offers(
    act_on(
        "resolveCase",
        "/cases/<reference>/resolve",
        "The unit has done its part; the answer to the resident is given by the centre.",
        answer=Case,
        body=ReportGiven,
    )
)
def resolve(asking: Asking, reference: str) -> Reply:
    given: ReportGiven = asking.body
    report = WorkReport(
        outcome=given.outcome, text=given.text, planned_on=given.planned_on, no_photo=given.no_photo
    )

    def act(uow: UnitOfWork, of: str, seen: int) -> object:
        case = one_case(uow.session, uow.actor, of)
        photos.prove(uow, case, case.id, given.photos)
        adapted = adapted_by(wiring().settings.promises)
        return cases.resolve_case(uow, of, report=report, seen_version=seen, adapted=adapted)

    return _act(asking, reference, act)


@offers(
    Operation(
        name="stageCasePhoto",
        method="POST",
        path="/cases/<reference>/photos",
        summary="A photo of the works; name its token in the `photos` of the report.",
        scope="update",
        answer=Photo,
        status=201,
        takes_file=True,
        refusals=(403, 404),
    )
)
def photo(asking: Asking, reference: str) -> Reply:
    actor = asking.caller.actor
    with reading() as session:
        case = one_case(session, actor, parse_reference(reference))
    return photos.stage(actor, case)


@offers(
    Operation(
        name="listInteractions",
        method="GET",
        path="/cases/<reference>/interactions",
        summary="What was exchanged about a demand within reach, oldest first; "
        "without internal notes for a unit that others run.",
        scope="read",
        query=AfterQuery,
        answer=InteractionPage,
        paged=True,
        refusals=(404,),
    )
)
def interactions(asking: Asking, reference: str) -> Reply:
    query: AfterQuery = asking.query
    with reading() as session:
        case = one_case(session, asking.caller.actor, parse_reference(reference))
        found = exchanges_after(
            session,
            case.id,
            query.after,
            inside=not _is_of_others(asking.caller.actor),
            left_by=wiring().clock.now(),
            limit=query.limit + 1,
        )
    following = found[query.limit - 1].id if len(found) > query.limit else None
    told = InteractionPage(items=[_told(one) for one in found[: query.limit]], next=following)
    return Reply(told, pages.link_to(following))


def _is_of_others(actor: Actor) -> bool:
    """The programme of a contractor: it reads what is asked of it, not what agents say among themselves."""
    units = wiring().rulebooks.units()
    return any(id_ not in units or units[id_].operation != "in_house" for id_ in actor.unit_ids)


@offers(
    Operation(
        name="addInteraction",
        method="POST",
        path="/cases/<reference>/interactions",
        summary="An internal note, or a reply to the resident, who is told of it.",
        scope="update",
        body=NoteGiven,
        answer=Interaction,
        status=201,
        repeatable=True,
        refusals=(403, 404, 409),
    )
)
def add_interaction(asking: Asking, reference: str) -> Reply:
    given: NoteGiven = asking.body
    whole = parse_reference(reference)
    with unit_of_work(asking.caller.actor) as uow:
        known = done_before(uow)
        made_id = known.made_id if known else None
        if made_id is None:
            made_id = _say(uow, whole, given)
            remember(uow, made_id)
        kept = one_message(uow.session, made_id)
    return Reply(_told(kept))


def _say(uow: UnitOfWork, reference: str, given: NoteGiven) -> int:
    if given.kind == "note":
        return cases.note_on_case(uow, reference, given.text)
    case = one_case(uow.session, uow.actor, reference)
    spoken = exchanges(uow.session, case.id, public_only=True, limit=50)
    key = request.headers.get("Idempotency-Key") or secrets.token_urlsafe(18)
    cases.answer_message(
        uow,
        reference,
        given.text,
        key=key[:64],
        seen_message=max((one.id for one in spoken if one.kind in SPOKEN), default=0),
        notice=reply_notice(uow.session, wiring().settings.centre, case, given.text, uow.now),
    )
    return known_exchange(uow.session, "web", f"{case.id}:{key[:64]}") or 0


def _told(one: Exchange) -> Interaction:
    return Interaction(
        id=one.id,
        direction=cast(Literal["in", "out", "internal"], one.direction),
        channel=one.channel,
        kind=one.kind,
        subject=one.subject,
        body=one.body,
        state=one.state,
        occurred_at=said(one.occurred_at),
        sent_at=said(one.sent_at) if one.sent_at else None,
        is_public=one.is_public,
    )
