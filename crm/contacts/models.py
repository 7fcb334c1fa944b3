"""Usagers and the ways to reach them. A way to reach is not a person: several may share it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base

CONTACT_KINDS = ("person", "organization")
POINT_KINDS = ("phone", "email", "postal")
# How a contact likes to be answered; empty when they never said.
ANSWER_CHANNELS = ("", "email", "sms", "letter", "phone")

# Byte order: one index serves equality and beginnings alike.
_BYTES = sa.Text(collation="C")


class Contact(Base):
    """A person or an organisation. Never merged with another by the programme."""

    __tablename__ = "contacts"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {CONTACT_KINDS}", name="kind_known"),
        sa.CheckConstraint(f"preferred_channel IN {ANSWER_CHANNELS}", name="preferred_channel_known"),
        sa.Index("ix_contacts_search", "search", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(default="person", server_default="person")
    family_name: Mapped[str] = mapped_column(default="", server_default="")
    first_name: Mapped[str] = mapped_column(default="", server_default="")
    organization_name: Mapped[str] = mapped_column(default="", server_default="")
    name_folded: Mapped[str] = mapped_column(default="", server_default="")
    search: Mapped[str] = mapped_column(TSVECTOR)  # the lexemes of `names.lexemes`
    preferred_channel: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str] = mapped_column(default="fr", server_default="fr")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ContactPoint(Base):
    """A number, an e-mail or a postal address, once, whoever uses it.

    `value` is E.164, a lower-case e-mail or a folded address; a number that no plan knows is `~` and digits.
    """

    __tablename__ = "contact_points"
    __table_args__ = (
        sa.UniqueConstraint("kind", "value"),
        sa.CheckConstraint(f"kind IN {POINT_KINDS}", name="kind_known"),
        sa.Index("ix_contact_points_phone_end", "reversed", postgresql_where=sa.text("reversed IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    kind: Mapped[str]
    value: Mapped[str] = mapped_column(_BYTES)
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    reversed: Mapped[str | None] = mapped_column(
        _BYTES, sa.Computed("CASE WHEN kind = 'phone' THEN reverse(value) END", persisted=True)
    )


class ContactLink(Base):
    """This contact is reached there, as they typed it. A verified point belongs to one contact only."""

    __tablename__ = "contact_links"
    __table_args__ = (
        sa.UniqueConstraint("contact_id", "point_id"),
        sa.Index("ix_contact_links_point_id", "point_id"),
        sa.Index(
            "uq_contact_links_verified_point",
            "point_id",
            unique=True,
            postgresql_where=sa.text("verified_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"))
    point_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contact_points.id"))
    raw: Mapped[str]
    verified_at: Mapped[datetime | None]
