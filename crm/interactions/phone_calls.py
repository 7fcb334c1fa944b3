"""Calls as the telephone exchange tells of them: one row a call, whatever the order it speaks in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.access import Permission, require
from crm.foundation import PARIS, Actor, Base, Conflict, NotFound, UnitOfWork
from crm.interactions.callbacks import promise_call_back
from crm.interactions.calls import Call, end_call
from crm.interactions.models import Direction, Interaction, SendingState

_ASKED_WITHIN = timedelta(hours=12)  # an older call that nobody qualified is for the list, not for the strip
_LONGEST = timedelta(hours=4)


class CallStep(StrEnum):
    """What an exchange may tell of a call, in the words of its webhook."""

    NEW = "new"
    ANSWERED = "answered"
    HUNG_UP = "hung_up"
    MISSED = "missed"


class PhoneCall(Base):
    """One call. `interaction_id` says what it was about: until then it is to be qualified."""

    __tablename__ = "phone_calls"
    __table_args__ = (
        sa.Index("ix_phone_calls_created", "created_at"),
        sa.Index(
            "ix_phone_calls_unsaid",
            "agent_id",
            "id",
            postgresql_where=sa.text("interaction_id IS NULL AND missed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    exchange_id: Mapped[str] = mapped_column(unique=True)
    caller: Mapped[str] = mapped_column(default="", server_default="")  # E.164; empty when it is hidden
    line: Mapped[str] = mapped_column(default="", server_default="")  # which of our numbers was called
    agent_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("agents.id"))
    created_at: Mapped[datetime]
    rang_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    interaction_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    call_back_id: Mapped[int | None] = mapped_column(sa.BigInteger)

    @property
    def seconds(self) -> int | None:
        """How long they spoke, by the exchange's clock; None before it ended."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return int(min(max(self.ended_at - self.answered_at, timedelta()), _LONGEST).total_seconds())

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None


_CALLS = cast(sa.Table, PhoneCall.__table__)
_MOMENT_OF = {
    CallStep.NEW: "rang_at",
    CallStep.ANSWERED: "answered_at",
    CallStep.HUNG_UP: "ended_at",
    CallStep.MISSED: "missed_at",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTold:
    """One thing told of a call.

    Args:
        caller: E.164, or empty when the number is hidden.
        agent_id: whose telephone; None when the exchange names nobody that we know.
    """

    exchange_id: str
    step: CallStep
    at: datetime
    caller: str = ""
    line: str = ""
    agent_id: int | None = None


def note_call(uow: UnitOfWork, told: CallTold) -> tuple[int, frozenset[int]]:
    """Keep what is told. Returns the call, and the agents whose screens must know.

    Told twice, or in another order, the row ends the same. A call that nobody took becomes a call to make.
    """
    require(uow.actor, Permission.INBOUND_STORE)
    call = _held(uow, told)
    concerned = {call.agent_id, told.agent_id} - {None}
    moment = _MOMENT_OF[told.step]
    setattr(call, moment, min(getattr(call, moment) or told.at, told.at))
    call.caller, call.line = call.caller or told.caller, call.line or told.line
    if told.agent_id is not None and (call.answered_at is None or told.step is CallStep.ANSWERED):
        call.agent_id = told.agent_id
    _call_back_if_missed(uow, call)
    _tell_length(uow, call)
    return call.id, frozenset(agent for agent in concerned if agent is not None)


def _held(uow: UnitOfWork, told: CallTold) -> PhoneCall:
    """The row of this call, made if need be; two workers come one after the other."""
    made = insert(_CALLS).values(exchange_id=told.exchange_id, created_at=uow.now)
    uow.session.execute(made.on_conflict_do_nothing(index_elements=["exchange_id"]))
    return uow.session.scalars(
        sa.select(PhoneCall)
        .where(PhoneCall.exchange_id == told.exchange_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _call_back_if_missed(uow: UnitOfWork, call: PhoneCall) -> None:
    """Once for each number that waits, not for each try. Answered after all: nobody calls back."""
    if call.answered_at is not None:
        if call.call_back_id is not None:
            _forget_call_back(uow, call.call_back_id)
        call.call_back_id = call.missed_at = None
        return
    if call.missed_at is None or call.call_back_id is not None or not call.caller:
        return
    call.call_back_id = _waiting_call_back(uow.session, call.caller) or promise_call_back(
        uow, call.caller, _missed_words(call), kind="missed_call"
    )


def _waiting_call_back(session: Session, number: str) -> int | None:
    waits = Interaction.state == sa.literal(str(SendingState.TO_CALL), literal_execute=True)
    known = sa.select(Interaction.id).where(
        waits, Interaction.kind == "missed_call", Interaction.recipient == number
    )
    return session.scalar(known.limit(1))


def _forget_call_back(uow: UnitOfWork, call_back_id: int) -> None:
    waits = (Interaction.id == call_back_id, Interaction.state == SendingState.TO_CALL)
    uow.session.execute(sa.update(Interaction).where(*waits).values(state=SendingState.CANCELLED))


def _missed_words(call: PhoneCall) -> str:
    """What whoever calls back reads; the centre writes in French."""
    at = (call.missed_at or call.created_at).astimezone(PARIS)
    line = f" sur la ligne {call.line}" if call.line else ""
    return f"Appel manqué le {at:%d/%m} à {at.hour} h {at:%M}{line}. Demandez ce que la personne voulait."


def _tell_length(uow: UnitOfWork, call: PhoneCall) -> None:
    """The exchange knows better than the form how long it lasted."""
    if call.interaction_id is not None and call.seconds is not None:
        said = sa.update(Interaction).where(Interaction.id == call.interaction_id)
        uow.session.execute(said.values(seconds=call.seconds))


def qualify_call(uow: UnitOfWork, call_id: int) -> None:
    """What the agent just wrote in this act is what the call was about.

    Raises:
        NotFound: the call rang for somebody else, or never was.
        Conflict: nothing was written of it in this act.
    """
    require(uow.actor, Permission.CASE_CREATE)
    call = uow.session.get(PhoneCall, call_id, with_for_update=True, populate_existing=True)
    if call is None or call.agent_id != uow.actor.id:
        raise NotFound(call=call_id)
    written = sa.update(Interaction).where(
        Interaction.agent_id == uow.actor.id,
        Interaction.created_at == uow.now,
        Interaction.direction == Direction.IN,
    )
    said_in = written.values(call_id=call.id).returning(Interaction.id)
    ids = uow.session.scalars(said_in.execution_options(synchronize_session=False)).all()
    if not ids:
        raise Conflict(call=call_id)
    call.interaction_id = call.interaction_id or max(ids)  # a call may make several demands
    _tell_length(uow, call)


def qualify_for_agent(uow: UnitOfWork, call_id: int, reason: str) -> None:
    """Say why a call made no demand, when whoever took it did not say: the daily balance then adds up.

    Raises:
        NotFound: there is no such call.
        Conflict: it was said meanwhile, or nobody took it.
        Invalid: no motive, or none of ours.
    """
    require(uow.actor, Permission.INBOUND_SORT)
    call = uow.session.get(PhoneCall, call_id, with_for_update=True, populate_existing=True)
    if call is None:
        raise NotFound(call=call_id)
    if call.interaction_id is not None or call.missed_at is not None:
        raise Conflict(call=call_id)
    call.interaction_id = end_call(uow, Call(reason=reason, seconds=call.seconds))
    said = sa.update(Interaction).where(Interaction.id == call.interaction_id).values(call_id=call.id)
    uow.session.execute(said.execution_options(synchronize_session=False))


@dataclass(frozen=True, slots=True)
class CallCard:
    """A call as its agent sees it."""

    id: int
    caller: str
    line: str
    is_answered: bool
    is_over: bool
    is_said: bool
    seconds: int | None


def call_for(session: Session, agent_id: int | None, call_id: int) -> CallCard:
    """Raises NotFound: it rang for somebody else, or nobody took it."""
    call = session.get(PhoneCall, call_id)
    if call is None or call.agent_id != agent_id or call.missed_at is not None:
        raise NotFound(call=call_id)
    said, answered = call.interaction_id is not None, call.answered_at is not None
    return CallCard(call.id, call.caller, call.line, answered, call.is_over, said, call.seconds)


@dataclass(frozen=True, slots=True)
class ToldCall:
    """A call as whoever keeps the balance sees it."""

    id: int
    caller: str
    line: str
    agent_id: int | None
    created_at: datetime
    is_missed: bool
    is_said: bool


def told_call(session: Session, actor: Actor, call_id: int) -> ToldCall:
    """Raises NotFound."""
    require(actor, Permission.INBOUND_SORT)
    call = session.get(PhoneCall, call_id)
    if call is None:
        raise NotFound(call=call_id)
    missed, said = call.missed_at is not None, call.interaction_id is not None
    return ToldCall(call.id, call.caller, call.line, call.agent_id, call.created_at, missed, said)


def call_to_say(session: Session, agent_id: int | None, now: datetime) -> int | None:
    """The latest call of this agent that nobody qualified yet."""
    unsaid = sa.select(PhoneCall.id).where(
        PhoneCall.agent_id == agent_id,
        PhoneCall.interaction_id.is_(None),
        PhoneCall.missed_at.is_(None),
        PhoneCall.created_at > now - _ASKED_WITHIN,
    )
    return session.scalar(unsaid.order_by(PhoneCall.id.desc()).limit(1))
