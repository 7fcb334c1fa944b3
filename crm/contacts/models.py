"""Usagers and the ways to reach them. A way to reach is not a person: several may share it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base

CONTACT_KINDS = ("person", "organization")
POINT_KINDS = ("phone", "email", "postal")
# How a contact likes to be answered; empty when they never said.
ANSWER_CHANNELS = ("", "email", "sms", "letter", "phone")
# Why several have a point, when somebody said it: such a point is no sign that two contacts are one.
SHARED_AS = ("", "family", "switchboard")
# Said by the usager, never medical, forgotten when withdrawn (annex of the trade, A15).
SUPPORT_NEEDS = ("prefers_phone", "interpreter", "reading", "cannot_travel", "carer")
BETTER_SAID = ("prefers_phone", "reading")  # aloud than in writing
RELATIONS = ("acts_for", "works_for")
# How somebody showed that a point is theirs; empty for what was verified before it was asked.
VERIFIED_HOW = ("", "link", "reply", "identity", "paper", "call_back")
# Who said that a number wants no SMS: its owner by SMS, the operator that keeps such a list, an agent who was
# asked to, the owner in their space.
SMS_SAID_BY = ("sms", "operator", "agent", "space")
# What points at a contact and does not follow it when two are merged: it tells of the two.
STAYS = {"stays_with_contact": True}

# Byte order: one index serves equality and beginnings alike.
_BYTES = sa.Text(collation="C")


class Contact(Base):
    """A person or an organisation. Never merged with another by the programme.

    One that a person merged stays as a stone that points to the other: `merged_into_id`.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {CONTACT_KINDS}", name="kind_known"),
        sa.CheckConstraint(f"preferred_channel IN {ANSWER_CHANNELS}", name="preferred_channel_known"),
        sa.Index("ix_contacts_search", "search", postgresql_using="gin"),
        sa.CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        sa.Index(
            "ix_contacts_merged", "merged_into_id", postgresql_where=sa.text("merged_into_id IS NOT NULL")
        ),
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
    # What they do not want from us; answers to their demands are owed whatever they said here.
    no_surveys: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    no_steps: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    no_news: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    merged_into_id: Mapped[int | None] = mapped_column(
        sa.BigInteger, sa.ForeignKey("contacts.id"), info=STAYS
    )
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
        sa.CheckConstraint(f"shared_as IN {SHARED_AS}", name="shared_as_known"),
        sa.Index("ix_contact_points_shared", "id", postgresql_where=sa.text("is_shared")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    kind: Mapped[str]
    value: Mapped[str] = mapped_column(_BYTES)
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    shared_as: Mapped[str] = mapped_column(default="", server_default="")
    failed_at: Mapped[datetime | None]  # nothing arrives there since
    failed_reason: Mapped[str | None]  # a code
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
    verified_how: Mapped[str] = mapped_column(default="", server_default="")
    is_preferred: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class SmsRefusal(Base):
    """A number to which no SMS goes. The number refused, not a sheet: it holds whoever has the number."""

    __tablename__ = "sms_refusals"
    __table_args__ = (sa.CheckConstraint(f"said_by IN {SMS_SAID_BY}", name="said_by_known"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(_BYTES, unique=True)  # E.164
    said_by: Mapped[str]
    refused_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]  # they want them again; the row stays as the proof of both


class FormerPoint(Base):
    """A way to reach that a contact no longer has."""

    __tablename__ = "former_points"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {POINT_KINDS}", name="kind_known"),
        sa.Index("ix_former_points_contact", "contact_id", "id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"))
    kind: Mapped[str]
    raw: Mapped[str]
    was_verified: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    withdrawn_at: Mapped[datetime]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)


class SupportNeed(Base):
    """What somebody said they need from us to be served like anybody else. The row goes when they say so."""

    __tablename__ = "support_needs"
    __table_args__ = (
        sa.UniqueConstraint("contact_id", "need"),
        sa.CheckConstraint(f"need IN {SUPPORT_NEEDS}", name="need_known"),
        sa.CheckConstraint("need = 'interpreter' OR language = ''", name="language_of_interpreter"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"))
    need: Mapped[str]
    language: Mapped[str] = mapped_column(default="", server_default="")  # of the interpreter
    declared_at: Mapped[datetime]
    declared_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)


class ContactRelation(Base):
    """This contact acts for, or works for, another one, from a day and perhaps until another."""

    __tablename__ = "contact_relations"
    __table_args__ = (
        sa.UniqueConstraint("contact_id", "other_id", "kind"),
        sa.CheckConstraint(f"kind IN {RELATIONS}", name="kind_known"),
        sa.CheckConstraint("contact_id <> other_id", name="two_contacts"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
        sa.Index("ix_contact_relations_other", "other_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"))
    other_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"))
    kind: Mapped[str]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]


class ContactMerge(Base):
    """Two contacts were said to be one: what moved, so that it can be put back exactly."""

    __tablename__ = "contact_merges"
    __table_args__ = (
        sa.Index("ix_contact_merges_survivor", "survivor_id", "id"),
        sa.Index("ix_contact_merges_absorbed", "absorbed_id", "id"),
        sa.Index(
            "uq_contact_merges_standing",
            "absorbed_id",
            unique=True,
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    survivor_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"), info=STAYS)
    absorbed_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"), info=STAYS)
    reason: Mapped[str]
    # "table.column" → keys of the rows that followed; ids alone, never what they hold.
    moved: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'"))
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    undone_reason: Mapped[str] = mapped_column(default="", server_default="")


class DistinctContacts(Base):
    """Somebody looked: these two are not the same, whatever they have in common."""

    __tablename__ = "distinct_contacts"
    __table_args__ = (
        sa.UniqueConstraint("one_id", "other_id"),
        sa.CheckConstraint("one_id < other_id", name="in_order"),
        sa.Index("ix_distinct_contacts_other", "other_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    one_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"), info=STAYS)
    other_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"), info=STAYS)
    said_at: Mapped[datetime]
    said_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)


class ContactReading(Base):
    """Somebody opened the sheet: once for each reader and hour, and each time that a motive was asked for.

    Never changed, and kept for a time. It tells of the very sheet that was read, merged since or not.
    """

    __tablename__ = "contact_readings"
    __table_args__ = (
        sa.CheckConstraint("(motive = '') = (open_until IS NULL)", name="a_motive_opens"),
        sa.Index(
            "uq_contact_readings_hour",
            "contact_id",
            "actor_kind",
            "actor_id",
            "hour",
            unique=True,
            postgresql_where=sa.text("motive = ''"),
        ),
        sa.Index("ix_contact_readings_contact", "contact_id", "id"),
        sa.Index("ix_contact_readings_actor", "actor_kind", "actor_id", "id"),
        sa.Index("ix_contact_readings_motive", "id", postgresql_where=sa.text("motive <> ''")),
        sa.Index("ix_contact_readings_read_at", "read_at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"), info=STAYS)
    actor_kind: Mapped[str]
    actor_id: Mapped[int] = mapped_column(sa.BigInteger)
    hour: Mapped[datetime]
    read_at: Mapped[datetime]
    page: Mapped[str]
    motive: Mapped[str] = mapped_column(default="", server_default="")
    words: Mapped[str] = mapped_column(default="", server_default="")
    open_until: Mapped[datetime | None]
