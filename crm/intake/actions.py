"""Whatever arrives becomes contact + interaction + case, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm.access import Permission, require
from crm.attachments import Giving, attach_files
from crm.cases import NewCase, Opened, Rulebook, open_case, opened
from crm.catalogue import check_answers
from crm.contacts import NewContact
from crm.foundation import Invalid, UnitOfWork, clean
from crm.intake.calling import Conversation, remember_conversation
from crm.intake.drafts import draft_became
from crm.intake.following import note_what_resembles
from crm.intake.places import PlaceGiven, resolve_place
from crm.intake.requester import can_answer, contact_of
from crm.interactions import Direction, record_interaction

_OLDEST = timedelta(days=730)  # a letter may have slept, but not longer than that


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a person asks for, as a door understood it.

    Args:
        key: made with the form; the same key twice is one case.
        reference: reserved when the form was opened, if it was said aloud.
        received_at: when the usager addressed us; None for now.
        contact_id: a known contact that an agent chose; `contact` then only adds ways to reach them.
        answer_channel: email, sms, letter, phone or none.
        conversation: what only a call or a visit leaves.
        files: tokens of what the usager joined.
        link: where it stands in public, when it was written on a social network.
        refer_to: the body that an agent forwards it to, instead of what the rules would say.
    """

    key: str
    object: str
    channel: str
    category_code: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    place: PlaceGiven | None = None
    contact_id: int | None = None
    contact: NewContact | None = None
    answer_channel: str = "none"
    kind: str = "report"
    reference: str | None = None
    received_at: datetime | None = None
    origin_insee: str | None = None
    files: tuple[str, ...] = ()
    conversation: Conversation = field(default_factory=Conversation)
    refer_to: int | None = None
    link: str = ""


def register_demand(uow: UnitOfWork, book: Rulebook, demand: Demand) -> Opened:
    """Register what a usager asks for; the same form sent again gives the case it made the first time.

    Raises:
        Invalid: names each wrong field; nothing is written.
        NotFound: the contact chosen is none that the actor may know.
        AlreadyRegistered: the same form is being registered at this very moment; try again.
    """
    require(uow.actor, Permission.CASE_CREATE)
    if known := opened(uow, demand.key):
        return known
    answers = _checked(uow, book, demand)
    contact_id = contact_of(uow, demand)
    place = resolve_place(uow.session, demand.place or PlaceGiven(), uow.actor.places)
    done = open_case(
        uow,
        book,
        NewCase(
            key=demand.key,
            reference=demand.reference,
            object=clean(demand.object),
            channel=demand.channel,
            kind=demand.kind,
            category_code=demand.category_code,
            answers=answers,
            place=place,
            contact_id=contact_id,
            answer_channel=demand.answer_channel if contact_id is not None else "none",
            received_at=demand.received_at or uow.now,
            origin_insee=demand.origin_insee,
            refer_to=demand.refer_to,
        ),
    )
    _remember(uow, demand, contact_id, done)
    note_what_resembles(uow, book, done, demand.object, place)
    told = (demand.channel, demand.object)
    remember_conversation(uow, book, done.id, contact_id, demand.conversation, told)
    if demand.reference and uow.actor.kind == "agent":
        draft_became(uow, demand.reference, done.id)
    return done


def _checked(uow: UnitOfWork, book: Rulebook, demand: Demand) -> dict[str, str]:
    """The category's answers, made sound; everything that is wrong is said at once."""
    answers, wrong = _answers(book, demand)
    if not clean(demand.object):
        wrong["object"] = "required"
    if not can_answer(demand):
        wrong["answer_channel"] = "no_way_to_answer"
    if reason := _wrong_moment(demand.received_at or uow.now, uow.now):
        wrong["received_on"] = reason
    if wrong:
        raise Invalid(wrong)
    return answers


def _answers(book: Rulebook, demand: Demand) -> tuple[dict[str, str], dict[str, str]]:
    """Sound answers, and what is wrong with the others."""
    if not demand.category_code:
        return {}, {}
    category = book.catalogue.in_use(demand.category_code)
    if category is None:
        return {}, {"category": "unknown"}
    given = demand.answers
    if category.code != demand.category_code:  # chosen before it was replaced: what both ask is kept
        asked = {question.key for question in category.questions}
        given = {key: text for key, text in given.items() if key in asked}
    try:
        return check_answers(category.questions, given), {}
    except Invalid as refusal:
        return {}, refusal.fields


def _wrong_moment(received_at: datetime, now: datetime) -> str:
    if received_at > now + timedelta(minutes=5):  # clocks differ a little
        return "future"
    return "too_old" if received_at < now - _OLDEST else ""


def _remember(uow: UnitOfWork, demand: Demand, contact_id: int | None, done: Opened) -> None:
    """The exchange itself, with what was joined; and, for what is not ours, what was said at once."""
    attach_files(uow, None, done.id, demand.files, Giving(from_usager=True, opens=True))
    record_interaction(
        uow,
        None,
        done.id,
        channel=demand.channel,
        kind="opening",
        body=demand.link,
        contact_id=contact_id,
        occurred_at=demand.received_at,
        seconds=demand.conversation.seconds,
    )
    decision = done.assessment.decision if done.assessment else None
    if decision and decision.kind == "refuse" and decision.advice:
        record_interaction(
            uow,
            None,
            done.id,
            channel=demand.channel,
            kind="opening",
            direction=Direction.OUT,
            body=decision.advice,
            contact_id=contact_id,
        )
