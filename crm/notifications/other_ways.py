"""A message was refused for good: it leaves once more by the next way, or somebody is asked to find one."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import CaseSheet, case_by_id, follower_by_id
from crm.channels import sms_parts, to_gsm7
from crm.contacts import contact_card, mark_failed
from crm.foundation import UnitOfWork
from crm.interactions import Exchange, Message, OtherWay, ask_to_reach, one_message, queue_message
from crm.notifications.reaching import BY_ITSELF, Reached, by_itself, reachable
from crm.notifications.restrained import may_leave
from crm.notifications.wording import HELD_BACK, NO_WAY_LEFT

# Codes that tell of the address, not of the message or of the server.
_NOBODY_THERE = frozenset({"bad_address", "smtp_550", "smtp_551", "smtp_553", "no_such_number"})
_POINT_OF = {"email": "email", "sms": "phone"}
# To a service, or sent to prove the address itself: no other way would do.
_ELSEWHERE_IS_USELESS = frozenset(
    {
        "handover", "opinion_request", "work_request", "guest_reminder",
        "digest", "reach_confirmation", "reach_changed", "space_link",
    }
)  # fmt: skip
_LONGEST_SMS = 4  # parts: beyond, it is read better on paper or aloud
_MOST_TRIES = 6


@dataclass(frozen=True, slots=True)
class _About:
    """The refused message, and the case it is about."""

    refused: Exchange
    case: CaseSheet


def reach_otherwise(uow: UnitOfWork, interaction_id: int) -> int | None:
    """Returns the id of the next message, or of the task; None when it was done or nobody is to be told."""
    require(uow.actor, Permission.MESSAGE_SEND)
    refused = one_message(uow.session, interaction_id)
    if not _once(uow, interaction_id):
        return None
    if refused.last_error in _NOBODY_THERE and refused.channel in _POINT_OF:
        mark_failed(uow, _POINT_OF[refused.channel], refused.recipient, refused.last_error)
    about = _about(uow.session, refused)
    if about is None or refused.kind in _ELSEWHERE_IS_USELESS:
        return None
    made = _next_message(uow, about)
    kept = sa.update(OtherWay).where(OtherWay.refused_id == interaction_id).values(message_id=made)
    uow.session.execute(kept)
    return made


def _once(uow: UnitOfWork, interaction_id: int) -> bool:
    row = {"refused_id": interaction_id, "made_at": uow.now}
    kept = postgresql.insert(OtherWay).values(**row).on_conflict_do_nothing().returning(OtherWay.refused_id)
    return uow.session.scalar(kept) is not None


def _about(session: Session, refused: Exchange) -> _About | None:
    """Nothing for who is no usager of ours."""
    case_id = refused.case_id
    if refused.watcher_id is not None:
        case_id = follower_by_id(session, refused.watcher_id).case_id
    if case_id is None or refused.contact_id is None:
        return None
    return _About(refused, case_by_id(session, case_id))


def _next_message(uow: UnitOfWork, about: _About) -> int | None:
    """Whoever follows a demand of somebody else is not looked for."""
    refused = about.refused
    way, recipient = _next_way(uow.session, about)
    if way and may_leave(about.case, refused.kind):
        return queue_message(uow, about.case, about.case.id, _message(refused, way, recipient))
    if refused.watcher_id is not None:
        return None
    words = f"{HELD_BACK if way else NO_WAY_LEFT}\n\n{refused.body}"
    return ask_to_reach(uow, about.case.id, words, contact_id=refused.contact_id)


def _next_way(session: Session, about: _About) -> Reached:
    refused = about.refused
    card = contact_card(session, refused.contact_id or 0)
    tried = _tried(session, refused)
    among = BY_ITSELF if refused.watcher_id is not None else by_itself(about.case, card) | {"phone"}
    way, recipient = reachable(card, "", among=among, but=tried)
    while way == "sms" and sms_parts(to_gsm7(refused.body)).parts > _LONGEST_SMS:
        tried.add((way, recipient))
        way, recipient = reachable(card, "", among=among, but=tried)
    return way, recipient


def _tried(session: Session, refused: Exchange) -> set[Reached]:
    """This way, and those before it that ended here."""
    tried, last = {(refused.channel, refused.recipient)}, refused.id
    for _ in range(_MOST_TRIES):
        before = session.scalar(sa.select(OtherWay.refused_id).where(OtherWay.message_id == last))
        if before is None:
            break
        message, last = one_message(session, before), before
        tried.add((message.channel, message.recipient))
    return tried


def _message(refused: Exchange, way: str, recipient: str) -> Message:
    return Message(
        kind=refused.kind,
        channel=way,
        recipient=recipient,
        subject=refused.subject,
        body=_said_by(way, refused.body),
        contact_id=refused.contact_id,
        watcher_id=refused.watcher_id,
        is_public=refused.is_public,
    )


def _said_by(way: str, body: str) -> str:
    """Nobody reads a link out, and a short message has few signs."""
    if way == "sms":
        return to_gsm7(body)
    if way == "phone":
        return "\n".join(line for line in body.splitlines() if "http" not in line)
    return body
