"""Numbers to which no SMS goes: said by whoever has the number, kept for good, undone when they ask.

Answers and receipts are owed all the same: they leave by another way.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from crm.access import require
from crm.contacts.events import SmsAccepted, SmsRefused
from crm.contacts.models import SmsRefusal
from crm.contacts.rights import right_to_say
from crm.foundation import Invalid, NotFound, UnitOfWork


def refuse_sms(uow: UnitOfWork, number: str, said_by: str) -> bool:
    """No SMS to this number from now on. False when it was said already.

    Args:
        number: E.164, whether a contact has it or not.
        said_by: sms, operator, agent or space.

    Raises:
        Invalid: not a number that an SMS could reach.
    """
    require(uow.actor, right_to_say(uow.actor))
    if not number.startswith("+"):
        raise Invalid({"number": "phone"})
    said = {"said_by": said_by, "refused_at": uow.now, "lifted_at": None}
    kept = postgresql.insert(SmsRefusal).values(number=number, **said)
    again = kept.on_conflict_do_update(
        index_elements=["number"], set_=said, where=SmsRefusal.lifted_at.is_not(None)
    )
    refusal_id = uow.session.scalar(again.returning(SmsRefusal.id))
    if refusal_id is None:
        return False
    uow.record(SmsRefused(subject_id=refusal_id, said_by=said_by))
    return True


def accept_sms(uow: UnitOfWork, number: str, said_by: str) -> bool:
    """SMS may go there again. False when they might already."""
    require(uow.actor, right_to_say(uow.actor))
    lifted = (
        sa.update(SmsRefusal)
        .where(SmsRefusal.number == number, SmsRefusal.lifted_at.is_(None))
        .values(lifted_at=uow.now)
        .returning(SmsRefusal.id)
        .execution_options(synchronize_session=False)
    )
    refusal_id = uow.session.scalar(lifted)
    if refusal_id is None:
        return False
    uow.record(SmsAccepted(subject_id=refusal_id, said_by=said_by))
    return True


def numbers_refusing_sms(session: Session, numbers: Collection[str]) -> set[str]:
    """Those of them that want none; no statement for none."""
    if not numbers:
        return set()
    query = sa.select(SmsRefusal.number).where(SmsRefusal.number.in_(numbers), SmsRefusal.lifted_at.is_(None))
    return set(session.scalars(query))


def refused_number(session: Session, refusal_id: int) -> str:
    """Raises NotFound."""
    number = session.scalar(sa.select(SmsRefusal.number).where(SmsRefusal.id == refusal_id))
    if number is None:
        raise NotFound(refusal=refusal_id)
    return number
