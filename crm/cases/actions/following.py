"""« Moi aussi »: somebody follows a demand that another made, is told the news, may say it is not so."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm.access import Permission
from crm.cases.actions.centre_work import start_again
from crm.cases.actions.loading import hold, hold_for
from crm.cases.assessment import Rulebook
from crm.cases.events import CaseReopened
from crm.cases.lifecycle import ENDED, CaseState
from crm.cases.models import Case, Watcher
from crm.cases.outcomes import ReopenReason
from crm.cases.together.following_events import CaseFollowed, CaseUnfollowed, FollowerSpoke
from crm.cases.together.watching import (
    Follower,
    add_follower,
    count_again,
    follower_by_token,
    suspect_incident,
)
from crm.foundation import IllegalStep, Invalid, NotFound, UnitOfWork, clean
from crm.interactions import record_interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Who follows, and how.

    Args:
        key: made with the form; the same key twice is one follower.
        channel: how they came to us.
        answer_channel: email, sms, letter, phone or none; without a contact, none.
        said: what they told us, for agents alone.
    """

    key: str
    channel: str
    contact_id: int | None = None
    answer_channel: str = "none"
    said: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """
    Args:
        reference: of the case followed: the original, when it was a duplicate that was asked for.
        token: of their own link; the case's own for its requester, who need not follow it.
        is_new: False when they followed it already.
    """

    case_id: int
    reference: str
    token: str
    is_new: bool


def follow_case(uow: UnitOfWork, reference: str, new: Following) -> Followed:
    """Attach somebody to a case. Twice is once. MANY in little time propose an incident.

    Raises:
        IllegalStep: the case was cancelled: there is nothing to be told.
    """
    case = _original(uow, hold(uow, reference, Permission.CASE_FOLLOW))
    if case.state == CaseState.CANCELLED:
        raise IllegalStep(verb="follow", state=case.state)
    if new.contact_id is not None and new.contact_id == case.contact_id:
        return Followed(case.id, case.reference, case.public_token, is_new=False)
    told = new.answer_channel if new.contact_id is not None else "none"
    made = add_follower(
        uow, case.id, key=new.key, channel=new.channel, contact_id=new.contact_id, answer_channel=told
    )
    if made is None:
        return _known(uow, case, new)
    watcher_id, token = made
    said_id = _heard(uow, case, new, watcher_id)
    uow.record(
        CaseFollowed(subject_id=case.id, watcher_id=watcher_id, channel=new.channel, interaction_id=said_id)
    )
    suspect_incident(uow, case.id)
    return Followed(case.id, case.reference, token, is_new=True)


def _original(uow: UnitOfWork, case: Case) -> Case:
    if case.duplicate_of_id is None:
        return case
    return uow.session.get_one(Case, case.duplicate_of_id, with_for_update=True)


def _known(uow: UnitOfWork, case: Case, new: Following) -> Followed:
    """By the same form, else by the same usager, who now says it again."""
    same_usager = sa.and_(
        Watcher.case_id == case.id, Watcher.contact_id == new.contact_id, Watcher.left_at.is_(None)
    )
    query = sa.select(Watcher.token).where(sa.or_(Watcher.key == new.key, same_usager))
    token = uow.session.scalar(query.order_by(Watcher.key != new.key).limit(1))
    if token is None:
        raise NotFound(reference=case.reference)
    return Followed(case.id, case.reference, token, is_new=False)


def _heard(uow: UnitOfWork, case: Case, new: Following, watcher_id: int) -> int:
    """The exchange is counted like any other: so many came, one problem."""
    return record_interaction(
        uow,
        case,
        case.id,
        channel=new.channel,
        kind="following",
        body=new.said,
        contact_id=new.contact_id,
        watcher_id=watcher_id,
        is_public=False,
    )


def unfollow_case(uow: UnitOfWork, token: str) -> None:
    """They do not want to be told any more. The link still shows them where it stands."""
    watcher = follower_by_token(uow.session, token)
    case = hold(uow, _reference(uow, watcher), Permission.CASE_FOLLOW)
    if watcher.left_at is not None:
        return
    uow.session.get_one(Watcher, watcher.id).left_at = uow.now
    uow.session.flush()
    count_again(uow, case.id)
    uow.record(CaseUnfollowed(subject_id=case.id, watcher_id=watcher.id))


def follower_adds(
    uow: UnitOfWork, token: str, text: str, *, channel: str = "web", external_id: str | None = None
) -> None:
    """What somebody who follows adds: agents read it, the requester does not.

    Args:
        external_id: of the arrival that brought it, on its channel.

    Raises:
        Invalid: nothing was written.
        IllegalStep: the case has ended.
    """
    watcher = follower_by_token(uow.session, token)
    case = hold(uow, _reference(uow, watcher), Permission.CASE_FOLLOW_UP)
    said = clean(text)
    if not said:
        raise Invalid({"text": "required"})
    if case.state in ENDED:
        raise IllegalStep(verb="precise", state=case.state)
    spoken = _spoken(uow, case, watcher, said, channel, external_id and f"{case.id}:{external_id}")
    uow.record(FollowerSpoke(subject_id=case.id, watcher_id=watcher.id, interaction_id=spoken))


def follower_contests(uow: UnitOfWork, book: Rulebook, token: str, text: str = "") -> None:
    """« Ce n’est pas fait », from somebody who follows: their word opens the case as the requester’s does.

    Raises:
        IllegalStep: the case was cancelled.
    """
    watcher = follower_by_token(uow.session, token)
    case = hold_for(uow, _reference(uow, watcher), "reopen")
    said = clean(text)
    spoken = _spoken(uow, case, watcher, said) if said else None
    if case.contested_at is not None and case.state not in {CaseState.RESOLVED, CaseState.CLOSED}:
        if spoken:
            uow.record(FollowerSpoke(subject_id=case.id, watcher_id=watcher.id, interaction_id=spoken))
        return
    start_again(uow, book, case, case.version)
    case.contested_at = uow.now
    uow.record(
        CaseReopened(
            subject_id=case.id,
            reason=ReopenReason.NOT_DONE,
            contested=True,
            interaction_id=spoken,
            watcher_id=watcher.id,
        )
    )


def _reference(uow: UnitOfWork, watcher: Follower) -> str:
    return uow.session.scalars(sa.select(Case.reference).where(Case.id == watcher.case_id)).one()


def _spoken(
    uow: UnitOfWork,
    case: Case,
    watcher: Follower,
    said: str,
    channel: str = "web",
    external_id: str | None = None,
) -> int:
    return record_interaction(
        uow,
        case,
        case.id,
        channel=channel,
        kind="precision",
        body=said,
        contact_id=watcher.contact_id,
        external_id=external_id,
        watcher_id=watcher.id,
        is_public=False,
    )
