"""Every exchange about a case: what came in, what goes out and how far it got, what is said among us."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    INTERNAL = "internal"


class SendingState(StrEnum):
    RECEIVED = "received"
    RECORDED = "recorded"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"  # for now: it is tried again
    REFUSED = "refused"  # for good: somebody must look
    TO_PRINT = "to_print"
    PRINTED = "printed"
    TO_CALL = "to_call"
    CALLED = "called"
    CANCELLED = "cancelled"


# How each channel of an answer starts its life.
FIRST_STATES = {
    "email": SendingState.QUEUED,
    "sms": SendingState.QUEUED,
    "letter": SendingState.TO_PRINT,
    "phone": SendingState.TO_CALL,
}
TO_SEND = (SendingState.QUEUED, SendingState.FAILED)
NOT_LEFT = (*TO_SEND, SendingState.TO_PRINT, SendingState.TO_CALL)
LEFT = (SendingState.SENT, SendingState.PRINTED, SendingState.CALLED)


def _codes(values: tuple[str, ...] | type[StrEnum]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _index_where(condition: str, name: str, *columns: str, unique: bool = False) -> sa.Index:
    kind = "uq" if unique else "ix"
    where = sa.text(condition)
    return sa.Index(f"{kind}_interactions_{name}", *columns, unique=unique, postgresql_where=where)


class Interaction(Base):
    """One exchange. `received` and `recorded` ones are facts; the others are messages on their way."""

    __tablename__ = "interactions"
    __table_args__ = (
        sa.CheckConstraint(f"direction IN ({_codes(Direction)})", name="direction_known"),
        sa.CheckConstraint(f"state IN ({_codes(SendingState)})", name="state_known"),
        sa.CheckConstraint(f"state NOT IN ({_codes(LEFT)}) OR sent_at IS NOT NULL", name="left_has_date"),
        sa.CheckConstraint("direction <> 'internal' OR NOT is_public", name="internal_is_not_public"),
        sa.Index("ix_interactions_case", "case_id", "occurred_at", "id"),
        _index_where("state = 'to_print'", "to_print", "created_at", "id"),
        _index_where("state IN ('queued', 'failed')", "unsent", "created_at", "id"),
        _index_where("state = 'refused'", "refused", "id"),
        _index_where("state = 'to_call'", "to_call", "promised_at", "id"),
        _index_where(
            "kind = 'registration' AND channel IN ('email', 'sms')", "receipts", "recipient", "created_at"
        ),
        _index_where("reason IS NOT NULL", "calls_ended", "occurred_at"),
        _index_where("call_id IS NOT NULL", "call", "call_id"),
        _index_where("direction = 'in' AND kind <> 'opening'", "came", "occurred_at"),
        _index_where("message_id IS NOT NULL", "message_id", "message_id"),
        _index_where("contact_id IS NOT NULL", "contact_id", "contact_id"),
        _index_where("watcher_id IS NOT NULL", "watcher", "watcher_id", "id"),
        _index_where("external_id IS NOT NULL", "external", "channel", "external_id", unique=True),
        _index_where("direction = 'out' AND channel = 'sms'", "sms_to", "recipient", "sent_at"),
        _index_where(
            "direction = 'out' AND channel = 'sms' AND provider_id IS NOT NULL", "provider_id", "provider_id"
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(sa.BigInteger)  # the room of cases is above this one: no key
    contact_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"))
    # Whose, of those who follow a case: the requester never reads it. What we send them is not of the case.
    watcher_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    direction: Mapped[str]
    channel: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(default="", server_default="")
    body: Mapped[str] = mapped_column(default="", server_default="")
    recipient: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[str]
    occurred_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]  # when a call back was promised for
    promised_until: Mapped[datetime | None]  # when the moment promised ends, for a call between two hours
    held_until: Mapped[datetime | None]  # until then its author may take it back, and nobody else reads it
    agent_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    organization_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    external_id: Mapped[str | None]  # the sender's own id of what we received: it comes in once
    provider_id: Mapped[str | None]  # what the provider calls the message it took from us
    delivered_at: Mapped[datetime | None]  # when the provider said that it reached the person's device
    message_id: Mapped[str | None]  # Message-ID of an e-mail, kept before the first try and the same in all
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str | None]  # a code, never the server's words: they could name someone
    is_public: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    reason: Mapped[str | None]  # of a call that made no case, a `CallReason`
    category_code: Mapped[str | None]  # what such a call was about
    seconds: Mapped[int | None]  # how long a call lasted
    call_id: Mapped[int | None] = mapped_column(sa.BigInteger)  # of phone_calls: it was said there


class OtherWay(Base):
    """What was done about a message refused for good: once, whatever dies between."""

    __tablename__ = "other_ways"
    __table_args__ = (sa.Index("ix_other_ways_message", "message_id"),)

    refused_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int | None] = mapped_column(sa.BigInteger)  # the next try, or the task
    made_at: Mapped[datetime]
