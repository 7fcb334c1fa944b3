"""Whatever reached us from outside, as it came, until somebody or a rule said what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class Outcome(StrEnum):
    """What became of an arrival. Nothing that arrived is without one of these for long."""

    WAITING = "waiting"  # a person decides
    CASE = "case"  # it made one or several demands
    REPLY = "reply"  # it joined a demand that exists
    INFORMATION = "information"  # answered at once, or nothing was asked
    CONFIRM = "confirm"  # an unknown sender on a known thread: somebody accepts it, or not
    RECEIPT = "receipt"  # it tells how far a message of ours got
    COPY = "copy"  # of an arrival that another of our boxes received
    DISCARDED = "discarded"  # kept, not answered; `reason` says why


_OUTCOMES = ", ".join(f"'{one}'" for one in Outcome)


class Inbound(Base):
    """One arrival. `outcome` is empty until it was looked at."""

    __tablename__ = "inbound"
    __table_args__ = (
        sa.CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
        sa.CheckConstraint("outcome <> 'discarded' OR reason IS NOT NULL", name="discarded_says_why"),
        sa.UniqueConstraint("channel", "external_id"),
        sa.Index("ix_inbound_unseen", "id", postgresql_where=sa.text("outcome IS NULL")),
        sa.Index(
            "ix_inbound_waiting",
            "received_at",
            "id",
            postgresql_where=sa.text("outcome IN ('waiting', 'confirm')"),
        ),
        sa.Index("ix_inbound_received", "received_at", "channel"),
        sa.Index("ix_inbound_sender", "sender", "received_at"),
        sa.Index("ix_inbound_contact", "contact_id", postgresql_where=sa.text("contact_id IS NOT NULL")),
        sa.Index("ix_inbound_domain", sa.text("split_part(sender, '@', 2)"), "received_at"),
        # Which demands arrivals made.
        sa.Index(
            "ix_inbound_made",
            sa.literal_column("(details -> 'cases')").label("cases"),
            postgresql_using="gin",
            postgresql_ops={"cases": "jsonb_path_ops"},
            postgresql_where=sa.text("outcome = 'case'"),
        ),
        sa.Index("ix_inbound_message_id", "message_id", postgresql_where=sa.text("message_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    channel: Mapped[str]
    source: Mapped[str] = mapped_column(default="", server_default="")  # which of our boxes or numbers
    external_id: Mapped[str]
    received_at: Mapped[datetime]  # by our clock: delays run from here
    size: Mapped[int]
    sha256: Mapped[str]
    media_type: Mapped[str]
    about: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'"))
    key: Mapped[str | None]  # of the raw content in the storage, once it left this database
    nature: Mapped[str | None]
    outcome: Mapped[str | None]
    reason: Mapped[str | None]  # a code
    sender: Mapped[str] = mapped_column(default="", server_default="")
    sender_name: Mapped[str] = mapped_column(default="", server_default="")
    subject: Mapped[str] = mapped_column(default="", server_default="")
    text: Mapped[str] = mapped_column(default="", server_default="")
    folded: Mapped[str] = mapped_column(default="", server_default="")  # quotes and signature
    message_id: Mapped[str | None]  # the sender's; the same in two of our boxes is one mail
    sent_at: Mapped[datetime | None]  # as the sender claims
    details: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'"))
    case_id: Mapped[int | None] = mapped_column(sa.BigInteger)  # the first, when there are several
    contact_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    interaction_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    seen_by: Mapped[int | None] = mapped_column(sa.BigInteger)  # the agent who decided
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    __mapper_args__ = {"version_id_col": version}


class InboundRaw(Base):
    """The bytes as they came, until the storage has them. Stored before anything is read of them."""

    __tablename__ = "inbound_raw"

    inbound_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("inbound.id"), primary_key=True)
    content: Mapped[bytes]
