"""Which message tells whom what. Automatic ones never echo a stranger's words: anyone can type an address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from crm.cases import CaseSheet, case_by_id
from crm.contacts import ContactCard, contact_card
from crm.foundation import Unavailable
from crm.foundation.settings import Centre
from crm.interactions import Message
from crm.notifications.filling import AUTOMATIC, Draft, spoken_values, still_promised, text_for
from crm.notifications.reaching import BY_ITSELF, Reached, by_itself, reach_of
from crm.notifications.restrained import may_leave
from crm.notifications.saying import Day, Value, Values, noon


def draft_answer(
    session: Session, centre: Centre, case_id: int, now: datetime, *, channel: str | None = None
) -> Draft:
    """The answer to a resolved case, from the template of its outcome and category and the unit's report."""
    case = case_by_id(session, case_id)
    return draft(session, centre, case, "answer", now, channel=channel)


def draft(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    kind: str,
    now: datetime,
    *,
    channel: str | None = None,
    extra: Values | None = None,
    among: Collection[str] | None = None,
) -> Draft:
    """A message of a kind about a case, by the channel that its usager chose unless another is given.

    Args:
        kind: registration, question, answer, referral, reopened or delay.
        among: the channels that may serve; all when not said.
        extra: values of holes that only the caller knows: question, agent, report, advice…
    """
    card = _card(session, case)
    way, recipient = reach_of(case, card, channel or case.answer_channel, among=among)
    spoken = spoken_values(session, case) if kind not in AUTOMATIC else {}
    values = {"today": Day(now), **still_promised(case, kind, now), **spoken, **(extra or {})}
    ready = text_for(session, centre, case, kind, way, values, language=_read_by(card))
    return replace(ready, recipient=recipient)


def compose(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    kind: str,
    now: datetime,
    *,
    also: Values | None = None,
) -> Message | None:
    """A message that the programme sends by itself; None when there is nobody to tell, or nothing to say.

    Whoever chose the telephone was told aloud: an automatic message is not a task for somebody.

    Args:
        kind: registration, referral, reopened, secured, delay or reach_changed. The registration of what is
            outside our competence says so, and whom to ask.
        also: values of holes that only the caller knows.
    """
    if case.answer_channel not in BY_ITSELF or not may_leave(case, kind):
        return None
    card = _card(session, case)
    ways = by_itself(case, card)
    reached = reach_of(case, card, case.answer_channel, among=ways)
    return _said(session, centre, case, kind, now, reached, card, also) if reached[0] in ways else None


def compose_call(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    kind: str,
    now: datetime,
    *,
    also: Values | None = None,
    any_way: bool = False,
) -> Message | None:
    """The same for a person to say, where the programme may not write it; without a number, the recipient is
    empty. None when nothing holds it back, or nobody asked to be told in writing.

    Args:
        any_way: also to who did not ask for writing, as `compose_any_way`.
    """
    asked = case.answer_channel != "none" if any_way else case.answer_channel in BY_ITSELF
    if not asked or may_leave(case, kind):
        return None
    card = _card(session, case)
    _way, number = reach_of(case, card, "phone", among={"phone"})
    return _said(session, centre, case, kind, now, ("phone", number), card, also)


def _said(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    kind: str,
    now: datetime,
    reached: Reached,
    card: ContactCard | None,
    also: Values | None,
) -> Message | None:
    told, (way, recipient) = _as_told(case, kind), reached
    extra: dict[str, str | Value] = {"today": Day(now), **(also or {})}
    if kind == "secured" and case.planned_on:
        extra["due_date"] = noon(case.planned_on)
    said_as = "answer" if told.outcome else kind
    ready = text_for(session, centre, told, said_as, way, extra, language=_read_by(card))
    if not ready.body:
        return None
    return Message(
        kind=kind,
        channel=way,
        recipient=recipient,
        subject=ready.subject,
        body=ready.body,
        contact_id=case.contact_id,
    )


def compose_any_way(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    kind: str,
    now: datetime,
    *,
    extra: Values,
    channel: str | None = None,
) -> Message | None:
    """The same for what somebody is to be told, even by a call to make. The channel they chose, unless told;
    never one that the programme does not use by itself for them.

    None for who asked for nothing, when there is no way to reach them, or nothing to say.
    """
    if case.answer_channel == "none":
        return None
    ways = by_itself(case, _card(session, case)) | {"phone"}
    ready = draft(session, centre, case, kind, now, channel=channel, extra=extra, among=ways)
    if not (ready.recipient and ready.body):
        return None
    return Message(
        kind=kind,
        channel=ready.channel,
        recipient=ready.recipient,
        subject=ready.subject,
        body=ready.body,
        contact_id=case.contact_id,
    )


def _as_told(case: CaseSheet, kind: str) -> CaseSheet:
    """The case with the outcome whose words serve: not ours, or made safe, is said as an answer is."""
    outside = kind == "registration" and case.routing.get("kind") == "refuse"
    outcomes = {"secured": "FT", "registration": case.outcome if outside else None}
    return replace(case, outcome=outcomes.get(kind))


def compose_confirmation(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    now: datetime,
    *,
    channel: str,
    recipient: str,
    link: str,
    language: str = "fr",
) -> Message:
    """To an e-mail or a number we do not know: a link to follow, and nothing of the demand.

    Raises:
        Unavailable: no text of ours is loaded for it.
    """
    extra: Values = {"today": Day(now), "link": link}
    ready = text_for(session, centre, case, "reach_confirmation", channel, extra, language=language)
    if not ready.body:
        raise Unavailable(server="replies", why="reach_confirmation")
    return Message(
        kind="reach_confirmation",
        channel=channel,
        recipient=recipient,
        subject=ready.subject,
        body=ready.body,
        is_public=False,
    )


def _card(session: Session, case: CaseSheet) -> ContactCard | None:
    return contact_card(session, case.contact_id) if case.contact_id is not None else None


def _read_by(card: ContactCard | None) -> str:
    """The language of who will read it."""
    return card.language if card else "fr"
