"""The usager chooses how to be answered from now on, for this demand alone.

The page opens with a reference and a postcode: whoever holds that may not take over somebody's sheet. So what
is typed here stays on the case, and the address known until now is told.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from crm.access import Permission
from crm.cases.actions.loading import hold
from crm.cases.events import AnswerWayAsked, AnswerWayChanged
from crm.cases.models import AnswerReach, Case
from crm.contacts import NewContact, find_or_create_contact, numbers_refusing_sms, prove_point
from crm.foundation import Invalid, NotFound, UnitOfWork
from crm.interactions import Message, queue_message

_TOKEN_BYTES = 24
LINK_LIVES = timedelta(days=2)
_A_DAY = timedelta(days=1)
MOST_A_DAY = 3  # links sent a day for one demand, and to one address


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWay:
    """
    Args:
        channel: email, sms, phone or letter.
        reach: an e-mail, a number (E.164) or the lines of an address, as typed and checked; empty for what
            we know already.
    """

    channel: str
    reach: str = ""


def new_reach_token() -> str:
    """The secret of a confirmation's link, drawn before the message that carries it is written."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def ask_new_reach(uow: UnitOfWork, reference: str, way: NewWay, *, token: str, link: Message) -> Case:
    """An e-mail or a number we do not know: a link goes there, and nothing changes until it is followed.

    Raises:
        Invalid: too many links today, for this demand or to this address; or a number that wants no SMS.
    """
    case = hold(uow, reference, Permission.CASE_FOLLOW_UP)
    if way.channel == "sms" and numbers_refusing_sms(uow.session, [way.reach]):
        raise Invalid({"way": "sms_stopped"})
    since = uow.now - _A_DAY
    theirs = sa.or_(AnswerReach.case_id == case.id, AnswerReach.reach == way.reach)
    asked = sa.select(sa.func.count()).where(theirs, AnswerReach.asked_at > since)
    if uow.session.execute(asked).scalar_one() >= MOST_A_DAY:
        raise Invalid({"way": "enough_links"})
    row = AnswerReach(case_id=case.id, channel=way.channel, reach=way.reach, token=token, asked_at=uow.now)
    uow.session.add(row)
    uow.session.flush()
    case.updated_at = uow.now
    queue_message(uow, case, case.id, link)
    uow.record(AnswerWayAsked(subject_id=case.id, reach_id=row.id, channel=way.channel))
    return case


def change_answer_way(uow: UnitOfWork, reference: str, way: NewWay, *, notice: Message | None) -> Case:
    """From now on, by this channel. What was known until now is told.

    Args:
        notice: to where answers went until now; None when nobody was to be told.
    """
    case = hold(uow, reference, Permission.CASE_FOLLOW_UP)
    _apply(uow, case, way, notice)
    return case


def confirm_reach(uow: UnitOfWork, token: str, *, notice: Message | None) -> Case:
    """The link was followed: answers go there. Followed twice, it is done once.

    Raises:
        NotFound: no such link, or it is older than two days.
    """
    row = uow.session.scalar(sa.select(AnswerReach).where(AnswerReach.token == token).with_for_update())
    found = uow.session.get(Case, row.case_id) if row else None
    if row is None or found is None:
        raise NotFound()
    case = hold(uow, found.reference, Permission.CASE_FOLLOW_UP)
    if row.confirmed_at is not None:
        return case
    if uow.now - row.asked_at > LINK_LIVES:
        raise NotFound()
    row.confirmed_at = uow.now
    _apply(uow, case, NewWay(channel=row.channel, reach=row.reach), notice, reach_id=row.id)
    prove_point(uow, "email" if row.channel == "email" else "phone", row.reach, how="link")
    return case


def _apply(
    uow: UnitOfWork, case: Case, way: NewWay, notice: Message | None, *, reach_id: int | None = None
) -> None:
    left = case.answer_channel
    if (way.channel, way.reach) == (left, case.answer_to):
        return
    if notice is not None:
        queue_message(uow, case, case.id, notice)
    if case.contact_id is None:  # anonymous until now
        case.contact_id = find_or_create_contact(uow, _contact(way))
        case.answer_to = ""
    else:
        case.answer_to = way.reach
    case.answer_channel, case.updated_at = way.channel, uow.now
    uow.record(
        AnswerWayChanged(subject_id=case.id, channel=way.channel, from_channel=left, reach_id=reach_id)
    )


def _contact(way: NewWay) -> NewContact:
    if way.channel == "letter":
        name, *lines = way.reach.splitlines()
        return NewContact(family_name=name, postal=tuple(lines), preferred_channel="letter")
    if way.channel == "email":
        return NewContact(email=way.reach, preferred_channel="email")
    return NewContact(phone=way.reach, preferred_channel=way.channel)
