"""What is shown to somebody outside who has no account, and what they answer."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base
from crm.guests.purposes import Answer, Purpose

_PURPOSES = ", ".join(f"'{one}'" for one in Purpose)
_ANSWERS = ", ".join(f"'{one}'" for one in Answer)
_WAITING = sa.text("ended_at IS NULL")


class GuestLink(Base):
    """An extract of one case, for one recipient. The extract is a copy: what is corrected later is not shown.

    Whoever made it chose each word of it; a rule that refers a case shows no words of the usager at all.
    """

    __tablename__ = "guest_links"
    __table_args__ = (
        sa.CheckConstraint(f"purpose IN ({_PURPOSES})", name="purpose_known"),
        sa.CheckConstraint(f"answer IN ({_ANSWERS})", name="answer_known"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_date"),
        sa.Index("ix_guest_links_case", "case_id", "id"),
        sa.Index("ix_guest_links_order", "order_id", postgresql_where=sa.text("order_id IS NOT NULL")),
        sa.Index("ix_guest_links_purpose", "purpose", "id"),
        sa.Index("ix_guest_links_waiting", "due_on", "id", postgresql_where=_WAITING),
        sa.Index("ix_guest_links_unit", "unit_id", "asked_at", postgresql_where=sa.text("purpose = 'work'")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    purpose: Mapped[str]
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    order_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("work_orders.id"))  # its part
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))  # who is asked, if we know them
    organization: Mapped[str]
    email: Mapped[str] = mapped_column(server_default="")  # empty: reached by telephone, answered for by hand
    category: Mapped[str] = mapped_column(server_default="")  # in words
    place: Mapped[str] = mapped_column(server_default="")
    observed: Mapped[str] = mapped_column(server_default="")
    question: Mapped[str] = mapped_column(server_default="")
    files: Mapped[list[str]] = mapped_column(
        ARRAY(sa.Text), server_default="{}"
    )  # tokens of the case’s files
    tells_usager: Mapped[bool] = mapped_column(server_default=sa.false())  # if the answer is late
    asked_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)  # None: a rule
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    ends_at: Mapped[datetime]  # opens nothing from then on
    invited_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]  # when the silence was written on the timeline
    first_seen_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    seen_count: Mapped[int] = mapped_column(server_default="0")
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    planned_on: Mapped[date | None]
    reply_id: Mapped[int | None] = mapped_column(sa.BigInteger)  # the interaction that holds their words
    ended_at: Mapped[datetime | None]  # answered for good, or withdrawn
    revoked_at: Mapped[datetime | None]


class GuestMessage(Base):
    """A mail that carries a link. Its key is drawn as it leaves: no table and no screen ever holds one."""

    __tablename__ = "guest_messages"

    interaction_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    link_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("guest_links.id"), index=True)


class GuestKey(Base):
    """What opens a link: one for each mail that left, 256 random bits of which only the hash is kept."""

    __tablename__ = "guest_keys"

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("guest_links.id"), index=True)
    made_at: Mapped[datetime]
