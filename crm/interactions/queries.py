"""Exchanges as they are read: on a case, by the resident, by those who print and who call back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from crm.access import Permission, everywhere, require
from crm.foundation import Actor, NotAllowed, NotFound
from crm.interactions.models import Direction, Interaction, SendingState


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange, whole."""

    id: int
    case_id: int | None
    contact_id: int | None
    direction: str
    channel: str
    kind: str
    subject: str
    body: str
    recipient: str
    state: str
    occurred_at: datetime
    sent_at: datetime | None
    promised_at: datetime | None
    promised_until: datetime | None
    agent_id: int | None
    organization_id: int | None
    message_id: str | None
    tries: int
    last_error: str | None
    is_public: bool
    reason: str | None
    seconds: int | None
    watcher_id: int | None
    delivered_at: datetime | None = None

    @property
    def state_at(self) -> datetime:
        """The moment its state speaks of."""
        return self.sent_at or self.occurred_at


_EXCHANGE = sa.select(
    Interaction.id, Interaction.case_id, Interaction.contact_id, Interaction.direction, Interaction.channel,
    Interaction.kind, Interaction.subject, Interaction.body, Interaction.recipient, Interaction.state,
    Interaction.occurred_at, Interaction.sent_at, Interaction.promised_at, Interaction.promised_until,
    Interaction.agent_id, Interaction.organization_id, Interaction.message_id, Interaction.tries,
    Interaction.last_error, Interaction.is_public, Interaction.reason, Interaction.seconds,
    Interaction.watcher_id, Interaction.delivered_at,
)  # fmt: skip


def exchanges(
    session: Session,
    case_id: int,
    *,
    public_only: bool = False,
    left_by: datetime | None = None,
    limit: int = 500,
) -> list[Exchange]:
    """The exchanges of a case, oldest first; the latest `limit` of them when there are more.

    Args:
        public_only: what the resident may read: nothing internal, nothing held back.
        left_by: not what its author may still take back at that moment.
    """
    query = _EXCHANGE.where(Interaction.case_id == case_id)
    if public_only:
        query = query.where(
            Interaction.is_public,
            Interaction.direction != Direction.INTERNAL,
            Interaction.state != SendingState.CANCELLED,
        )
    query = query.where(_given_up_by(left_by))
    latest = query.order_by(Interaction.occurred_at.desc(), Interaction.id.desc()).limit(limit)
    return [Exchange(**row._asdict()) for row in session.execute(latest)][::-1]


def exchanges_after(
    session: Session,
    case_id: int,
    after_id: int,
    *,
    inside: bool = True,
    left_by: datetime | None = None,
    limit: int = 500,
) -> list[Exchange]:
    """From one known to the next, in the order they were kept: what a machine follows.

    Args:
        inside: with what agents say among themselves.
    """
    told = sa.true() if inside else Interaction.direction != Direction.INTERNAL
    query = _EXCHANGE.where(
        Interaction.case_id == case_id, Interaction.id > after_id, told, _given_up_by(left_by)
    ).order_by(Interaction.id)
    return [Exchange(**row._asdict()) for row in session.execute(query.limit(limit))]


def exchanges_of_follower(session: Session, watcher_id: int, *, limit: int = 100) -> list[Exchange]:
    """What somebody who follows a case told us and was told, oldest first."""
    query = _EXCHANGE.where(Interaction.watcher_id == watcher_id, Interaction.state != SendingState.CANCELLED)
    latest = query.order_by(Interaction.id.desc()).limit(limit)
    return [Exchange(**row._asdict()) for row in session.execute(latest)][::-1]


def last_told(session: Session, watcher_ids: Sequence[int]) -> dict[int, Exchange]:
    """The latest message to each of those who follow, in one statement at most."""
    if not watcher_ids:
        return {}
    last = (
        sa.select(sa.func.max(Interaction.id))
        .where(Interaction.watcher_id.in_(watcher_ids), Interaction.direction == Direction.OUT)
        .group_by(Interaction.watcher_id)
    )
    told = [Exchange(**row._asdict()) for row in session.execute(_EXCHANGE.where(Interaction.id.in_(last)))]
    return {exchange.watcher_id: exchange for exchange in told if exchange.watcher_id is not None}


def one_message(session: Session, interaction_id: int) -> Exchange:
    """Raises NotFound."""
    row = session.execute(_EXCHANGE.where(Interaction.id == interaction_id)).one_or_none()
    if row is None:
        raise NotFound(interaction=interaction_id)
    return Exchange(**row._asdict())


def bodies_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Id → words, in one statement at most. The caller has asked whether they may be read."""
    if not ids:
        return {}
    rows = session.execute(sa.select(Interaction.id, Interaction.body).where(Interaction.id.in_(set(ids))))
    return {row.id: row.body for row in rows}


def letters_to_print(
    session: Session,
    actor: Actor,
    *,
    left_by: datetime | None = None,
    limit: int = 200,
    among: sa.ColumnElement[bool] | None = None,
) -> list[Exchange]:
    """The oldest first; `among` those that the actor may read."""
    require(actor, Permission.LETTER_PRINT)
    reached = sa.true() if among is None else among
    query = _EXCHANGE.where(_in_state(SendingState.TO_PRINT), _given_up_by(left_by), reached)
    rows = session.execute(query.order_by(Interaction.created_at, Interaction.id).limit(limit))
    return [Exchange(**row._asdict()) for row in rows]


def calls_to_make(
    session: Session,
    actor: Actor,
    *,
    left_by: datetime | None = None,
    limit: int = 200,
    among: sa.ColumnElement[bool] | None = None,
) -> list[Exchange]:
    """Those promised for a moment first, in its order; then the others, oldest first.

    Args:
        left_by: not what its author may still take back at that moment.
        among: those within the actor's reach, for whoever does not call everybody back.
    """
    require(actor, Permission.CALLBACK_DO)
    if among is None and not everywhere(actor, Permission.CALLBACK_DO):
        raise NotAllowed(permission=Permission.CALLBACK_DO)
    reached = sa.true() if among is None else among
    query = _EXCHANGE.where(_in_state(SendingState.TO_CALL), _given_up_by(left_by), reached)
    rows = session.execute(
        query.order_by(Interaction.promised_at.asc().nulls_last(), Interaction.id).limit(limit)
    )
    return [Exchange(**row._asdict()) for row in rows]


def _given_up_by(moment: datetime | None) -> sa.ColumnElement[bool]:
    """Its author can no longer take it back."""
    if moment is None:
        return sa.true()
    return sa.or_(Interaction.held_until.is_(None), Interaction.held_until <= moment)


def _in_state(state: SendingState) -> sa.ColumnElement[bool]:
    """Written into the statement: a partial index serves a constant, not a parameter."""
    return Interaction.state == sa.literal(str(state), literal_execute=True)


def known_exchange(session: Session, channel: str, external_id: str) -> int | None:
    """The exchange that came in under this id of the sender's, if it did."""
    query = sa.select(Interaction.id).where(
        Interaction.channel == channel,
        Interaction.external_id == external_id,
        Interaction.external_id.is_not(None),
    )
    return session.scalar(query)


def receipts_since(session: Session, recipient: str, since: datetime, *, but_of_case: int) -> int:
    """How many receipts of other cases were made out to this e-mail or number since then."""
    query = sa.select(sa.func.count()).where(
        Interaction.recipient == recipient,
        Interaction.created_at >= since,
        Interaction.kind == sa.literal("registration", literal_execute=True),
        Interaction.channel.in_(
            [sa.literal("email", literal_execute=True), sa.literal("sms", literal_execute=True)]
        ),
        Interaction.case_id != but_of_case,
    )
    return session.execute(query).scalar_one()


def last_messages(session: Session, case_ids: Sequence[int]) -> dict[int, str]:
    """Case's id → the last words that its usager wrote to the centre, in one statement."""
    query = (
        sa.select(Interaction.case_id, Interaction.body)
        .where(
            Interaction.case_id.in_(case_ids),
            Interaction.kind == "message",
            Interaction.direction == Direction.IN,
        )
        .ext(distinct_on(Interaction.case_id))
        .order_by(Interaction.case_id, Interaction.occurred_at.desc(), Interaction.id.desc())
    )
    return {row.case_id: row.body for row in session.execute(query) if row.case_id is not None}
