"""Which exchange of ours an arrival answers, by what proves it: a reference in the words is no proof."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import Case, Follower, case_by_id, follower_by_id, followers_from
from crm.channels import Understood
from crm.contacts import owns_point
from crm.foundation import NotFound
from crm.inbox.models import Inbound
from crm.interactions import Interaction


@dataclass(frozen=True, slots=True)
class Thread:
    """
    Args:
        interaction_id: the message of ours that it answers, or tells of; None when it answers their own.
        is_open_to: told only of exchanges with people: what was between us and a partner is no usager's.
    """

    case_id: int | None
    watcher_id: int | None = None
    interaction_id: int | None = None
    recipient: str = ""
    is_usagers: bool = True


_MINE = sa.select(
    Interaction.id, Interaction.case_id, Interaction.watcher_id, Interaction.recipient, Interaction.is_public
).where(Interaction.direction == "out", Interaction.channel == sa.bindparam("channel"))


def thread_of(session: Session, channel: str, told: Understood) -> Thread | None:
    """Proofs first, in their order; then the ids of messages that we know, nearest first."""
    for token in told.tokens:
        if token.isdecimal() and (found := _mine(session, channel, Interaction.id == int(token))):
            return found
    for answered in told.answers_to:
        if found := _mine(session, channel, Interaction.message_id == answered):
            return found
        if found := _theirs(session, channel, answered, told.sender):
            return found
    return None


def _mine(session: Session, channel: str, condition: sa.ColumnElement[bool]) -> Thread | None:
    row = session.execute(_MINE.where(condition).limit(1), {"channel": channel}).one_or_none()
    if row is None:
        return None
    return Thread(row.case_id or None, row.watcher_id, row.id, row.recipient, bool(row.is_public))


def _theirs(session: Session, channel: str, answered: str, sender: str) -> Thread | None:
    """They add to a mail of their own that joined, or made, a demand."""
    known = sa.select(Inbound.case_id).where(
        Inbound.message_id == answered,
        Inbound.channel == channel,
        Inbound.sender == sender,
        Inbound.case_id.is_not(None),
    )
    case_id = session.scalar(known.limit(1))
    return Thread(case_id) if case_id else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where what they say belongs: the demand, and who they are in it.

    Args:
        follower: as whom they speak, when it is not as the requester.
        is_theirs: they are known there; else somebody has to say that they may.
    """

    case_id: int
    reference: str
    contact_id: int | None
    follower: Follower | None = None
    is_theirs: bool = False


def place_in(session: Session, thread: Thread, sender: str) -> Place | None:
    """None when the thread belongs to no demand any more."""
    case_id, follower = thread.case_id, None
    if thread.watcher_id is not None:
        try:
            follower = follower_by_id(session, thread.watcher_id)
        except NotFound:
            return None
        case_id = follower.case_id
    if case_id is None:
        return None
    try:
        return _place(session, case_id, follower, thread, sender)
    except NotFound:
        return None


def _place(session: Session, case_id: int, follower: Follower | None, thread: Thread, sender: str) -> Place:
    """Raises NotFound."""
    case = case_by_id(session, case_id)
    whose = follower.contact_id if follower else case.contact_id
    typed = case.answer_to.lower() if follower is None else ""
    is_theirs = thread.is_usagers and bool(sender) and _is_theirs(session, whose, sender, typed, thread)
    survivor = _survivor(session, case_id)
    if survivor != case_id and follower is None:
        original = case_by_id(session, survivor)
        came = [one for one in followers_from(session, case_id) if one.is_requester]
        if original.contact_id != case.contact_id or case.contact_id is None:
            follower = came[0] if came else None
            is_theirs = is_theirs and follower is not None
        case = original
    return Place(case.id, case.reference, whose, follower, is_theirs)


def _is_theirs(session: Session, contact_id: int | None, sender: str, typed: str, thread: Thread) -> bool:
    if sender in {typed, thread.recipient.lower()}:
        return True
    return contact_id is not None and owns_point(session, contact_id, sender)


def _survivor(session: Session, case_id: int) -> int:
    """The demand that goes on, whatever the number of mergers; a ring of them ends where it began."""
    seen = {case_id}
    while True:
        following = session.scalar(sa.select(Case.duplicate_of_id).where(Case.id == case_id))
        if following is None or following in seen:
            return case_id
        seen.add(following)
        case_id = following
