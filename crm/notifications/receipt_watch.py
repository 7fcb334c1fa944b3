"""What the timetable does of receipts: note those that left, give up those not owed any more, try again."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from crm.access import Permission, require
from crm.cases import Case, case_by_id
from crm.foundation import UnitOfWork
from crm.foundation.settings import Centre
from crm.interactions import Interaction, OtherWay
from crm.interactions.models import LEFT
from crm.knowledge import ACKNOWLEDGEMENT
from crm.notifications.legal_receipts import Known, Made, known_of, make_acknowledgement, make_registration
from crm.notifications.models import Receipt, ReceiptClock
from crm.notifications.owed import no_longer_owed

_MOST = 500  # a round; the most pressing first
_K = cast(sa.Table, ReceiptClock.__table__).c
_RUNS = sa.and_(_K.met_at.is_(None), _K.waived.is_(None))


def note_what_left(uow: UnitOfWork) -> int:
    """A clock stops at the moment the message left, not when we look. Returns how many stopped."""
    require(uow.actor, Permission.MESSAGE_SEND)
    _follow_other_ways(uow)
    stopped = (
        sa.update(ReceiptClock)
        .where(
            _RUNS,
            Receipt.id == ReceiptClock.receipt_id,
            Interaction.id == Receipt.interaction_id,
            Interaction.state.in_([sa.literal(str(state), literal_execute=True) for state in LEFT]),
        )
        .values(met_at=Interaction.sent_at, why="")
        .returning(_K.case_id)
        .execution_options(synchronize_session=False)
    )
    return len(uow.session.execute(stopped).all())


def _follow_other_ways(uow: UnitOfWork) -> None:
    """Refused at one address, the same words left for another: how far they got is told there.

    A call is no receipt: what can only be said aloud leaves the clock running.
    """
    uow.session.execute(
        sa.update(Receipt)
        .where(
            OtherWay.refused_id == Receipt.interaction_id,
            Interaction.id == OtherWay.message_id,
            Interaction.channel.in_(["email", "sms", "letter"]),
        )
        .values(interaction_id=Interaction.id, channel=Interaction.channel, recipient=Interaction.recipient)
        .execution_options(synchronize_session=False)
    )


def make_what_is_missing(uow: UnitOfWork, centre: Centre) -> int:
    """Receipts that could not be made out: a service was found since, a text was mended. Returns how many."""
    require(uow.actor, Permission.MESSAGE_SEND)
    waiting = (
        sa.select(_K.case_id)
        .join(Case, Case.id == _K.case_id)
        .where(
            _RUNS,
            _K.receipt_id.is_(None),
            sa.or_(_K.why != "no_unit", Case.unit_id.is_not(None), Case.closed_at.is_not(None)),
        )
        .group_by(_K.case_id)
        .order_by(sa.func.min(_K.alert_at))
        .limit(_MOST)
    )
    return sum(_try_again(uow, centre, case_id) for case_id in uow.session.scalars(waiting).all())


def _try_again(uow: UnitOfWork, centre: Centre, case_id: int) -> bool:
    case = case_by_id(uow.session, case_id)
    known = known_of(uow, centre, case)
    mine = sa.and_(_K.case_id == case_id, _RUNS, _K.receipt_id.is_(None))
    held = uow.session.scalars(sa.select(_K.nature).where(mine).with_for_update(skip_locked=True)).all()
    if not held:
        return False
    if reason := no_longer_owed(case, known.regime):
        uow.session.execute(sa.update(ReceiptClock).where(mine).values(waived=reason))
        return False
    made = _make(uow, known, held)
    covered = mine if made.nature == ACKNOWLEDGEMENT else sa.and_(mine, _K.nature == made.nature)
    noted = mine if made.receipt_id is None else covered
    uow.session.execute(sa.update(ReceiptClock).where(noted).values(receipt_id=made.receipt_id, why=made.why))
    return made.receipt_id is not None


def _make(uow: UnitOfWork, known: Known, held: object) -> Made:
    """The acknowledgement says all; while it cannot, the registration is better than nothing."""
    natures = set(cast(list[str], held))
    made = make_acknowledgement(uow, known) if ACKNOWLEDGEMENT in natures else Made(why="no_way")
    if made.receipt_id is None and natures - {ACKNOWLEDGEMENT}:
        first = make_registration(uow, known)
        return first if first.receipt_id else Made(why=made.why or first.why)
    return made
