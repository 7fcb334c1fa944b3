"""The case as kept: one row, its one-row invariants, its indexes. Nothing of HTTP or permissions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.cases.lifecycle import ENDED, GIVEN_BACK, MAY_LACK_UNIT, CaseState, step
from crm.foundation import Base, Conflict, IllegalStep

_OPEN = sa.text("closed_at IS NULL")
_URGENT = sa.text("closed_at IS NULL AND priority = 1")
_ENDED = sa.text("closed_at IS NOT NULL")
_WAITED_FOR = sa.text("message_waiting_since IS NOT NULL")
_ASKED_AGAIN = sa.text("reminder_waiting_since IS NOT NULL")
_WORK_ENDED = sa.text("work_ended_at IS NOT NULL")
_ENDED_AT = sa.text("COALESCE(closed_at, 'infinity'::timestamp with time zone)")
RESTRICTED_SEEN = "crm.restricted_seen"  # of a session: the cases opened in it that few may read
MAY_BE_THE_SAME = "cell IS NOT NULL AND duplicate_of_id IS NULL AND state <> 'cancelled'"
_PAST = sa.text("closed_at IS NOT NULL AND unit_id IS NOT NULL")
_STATES = ", ".join(f"'{state}'" for state in CaseState)
_UNITLESS = ", ".join(f"'{state}'" for state in CaseState if state in MAY_LACK_UNIT)


class Case(Base):
    """A demand: everything a service needs to act and the centre to answer."""

    __tablename__ = "cases"
    __table_args__ = (
        sa.CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        sa.CheckConstraint(
            "(state IN ('closed', 'cancelled')) = (closed_at IS NOT NULL)", name="closed_has_date"
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR answered_at IS NOT NULL OR no_answer_reason IS NOT NULL"
            " OR duplicate_of_id IS NOT NULL",
            name="closed_is_answered",
        ),
        sa.CheckConstraint("duplicate_of_id IS NULL OR state = 'closed'", name="duplicate_is_closed"),
        sa.CheckConstraint(f"state IN ({_UNITLESS}) OR unit_id IS NOT NULL", name="has_unit"),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name="priority_known"),
        # Work lists: open cases only, by due date, one keyset order for all of them.
        sa.Index("ix_cases_open_unit", "unit_id", "due_at", "id", postgresql_where=_OPEN),
        sa.Index("ix_cases_urgent", "unit_id", "due_at", "id", postgresql_where=_URGENT),
        sa.Index("ix_cases_open_insee", "insee", "due_at", "id", postgresql_where=_OPEN),
        sa.Index("ix_cases_open_origin", "origin_insee", "due_at", "id", postgresql_where=_OPEN),
        sa.Index("ix_cases_open_state", "state", "due_at", "id", postgresql_where=_OPEN),
        sa.Index("ix_cases_open", "due_at", "id", postgresql_where=_OPEN),
        sa.Index("ix_cases_contact", "contact_id", "id", postgresql_where=sa.text("contact_id IS NOT NULL")),
        sa.Index("ix_cases_updated", "updated_at", "id"),
        # What a new demand may be the same as: by cell and category, open ones and those closed lately.
        # It holds what the nearest are picked by.
        sa.Index(
            "ix_cases_nearby",
            "cell",
            "category_code",
            _ENDED_AT,
            postgresql_include=["id", "lon", "lat", "closed_at"],
            postgresql_where=sa.text(MAY_BE_THE_SAME),
        ),
        # What the counts beside lists are made of, without the cases themselves.
        sa.Index(
            "ix_cases_open_counts",
            "unit_id",
            postgresql_include=[
                "state",
                "priority",
                "due_at",
                "insee",
                "origin_insee",
                "responsible_insee",
                "contested_at",
                "reminder_waiting_since",
                "id",
            ],
            postgresql_where=_OPEN,
        ),
        sa.Index(
            "ix_cases_duplicates", "duplicate_of_id", postgresql_where=sa.text("duplicate_of_id IS NOT NULL")
        ),
        sa.Index("ix_cases_messages", "message_waiting_since", "id", postgresql_where=_WAITED_FOR),
        sa.Index("ix_cases_reminders", "reminder_waiting_since", "id", postgresql_where=_ASKED_AGAIN),
        sa.Index("ix_cases_work_ended", "due_at", "id", postgresql_where=_WORK_ENDED),
        sa.Index("ix_cases_answer_to", "answer_to", "id", postgresql_where=sa.text("answer_to <> ''")),
        sa.Index("ix_cases_restricted", "id", postgresql_where=sa.text("readers IS NOT NULL")),
        sa.Index("ix_cases_created", "created_at"),
        sa.Index(  # a unit's week
            "ix_cases_planned", "planned_on", "unit_id", postgresql_where=sa.text("planned_on IS NOT NULL")
        ),
        # What a commune asks of its demands: received in a period, answered lately.
        sa.Index("ix_cases_insee_received", "insee", "received_at", "id"),
        sa.Index("ix_cases_insee_ended", "insee", "closed_at", postgresql_where=_ENDED),
        sa.Index("ix_cases_received", "received_at", "id"),  # what partners' machines ask for, by period
        # Which unit cases like this one went to: written once, when a case ends.
        sa.Index("ix_cases_past_unit", "category_code", "insee", "id", postgresql_where=_PAST),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)  # never leaves the house
    reference: Mapped[str] = mapped_column(unique=True)  # what residents quote on the phone
    key: Mapped[str] = mapped_column(unique=True)  # the same form sent twice is one case
    public_token: Mapped[str] = mapped_column(unique=True)  # 192 random bits, for the links of messages
    kind: Mapped[str] = mapped_column(server_default="report")
    state: Mapped[str]
    channel: Mapped[str]
    category_code: Mapped[str | None] = mapped_column(sa.ForeignKey("categories.code"))
    priority: Mapped[int] = mapped_column(sa.SmallInteger)
    object: Mapped[str]  # what the resident said, as typed
    answers: Mapped[dict[str, Any]] = mapped_column(server_default="{}")

    received_at: Mapped[datetime]  # when the usager addressed us: every delay runs from here
    created_at: Mapped[datetime]  # when it was typed
    updated_at: Mapped[datetime]
    announced_due_at: Mapped[datetime | None]  # the first date told to the usager: never rewritten
    due_at: Mapped[datetime]  # the date we work to
    planned_on: Mapped[date | None]
    planned_minutes: Mapped[int | None]  # how long, when whoever planned it said so
    made_safe_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    readers: Mapped[list[str] | None]  # when few may read it: marks of crm/access/restriction.py
    needs_at: Mapped[datetime | None]  # whoever went there needs something else: the team lead must see
    contested_at: Mapped[datetime | None]  # the usager said « ce n’est pas fait », and it is open again

    insee: Mapped[str | None] = mapped_column(sa.ForeignKey("communes.insee"))
    origin_insee: Mapped[str | None]  # the commune whose desk created it
    responsible_insee: Mapped[str | None]  # the commune whose own service is competent
    sector_code: Mapped[str | None]
    street_id: Mapped[int | None] = mapped_column(sa.ForeignKey("streets.id"))
    address_id: Mapped[int | None] = mapped_column(sa.ForeignKey("addresses.id"))
    place_label: Mapped[str] = mapped_column(server_default="")
    place_hint: Mapped[str] = mapped_column(server_default="")
    place_precision: Mapped[str] = mapped_column(server_default="none")  # exact street commune none
    road_owner: Mapped[str | None]
    postcode: Mapped[str | None]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    cell: Mapped[int | None]  # of the grid of what is near: crm/cases/together/grid.py

    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contacts.id"))
    answer_channel: Mapped[str] = mapped_column(server_default="none")  # email sms letter phone none
    answer_to: Mapped[str] = mapped_column(server_default="")  # where, if not where the contact is reached
    message_waiting_since: Mapped[datetime | None]  # the usager wrote, and nobody has answered yet
    reminded_at: Mapped[datetime | None]  # the usager last asked where it stands
    reminder_waiting_since: Mapped[datetime | None]  # they asked, and nobody has done anything since
    reminder_count: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    organization_id: Mapped[int | None]  # who registered it
    agent_id: Mapped[int | None]
    accepted_by_id: Mapped[int | None]
    outcome: Mapped[str | None]
    no_answer_reason: Mapped[str | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    follower_count: Mapped[int] = mapped_column(server_default="0")  # who follow besides the requester
    order_count: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")  # but those withdrawn
    open_order_count: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    work_ended_at: Mapped[datetime | None]  # no order is open any more: it is time to resolve

    routing: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}"
    )  # the decision and its reasons
    bounce_count: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    reopen_count: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    version: Mapped[int] = mapped_column(server_default="1")
    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    def move(self, verb: str, seen_version: int) -> CaseState:
        """Take one step of the lifecycle; returns the state it left.

        Raises:
            Conflict: somebody changed the case since the actor saw `seen_version`.
            IllegalStep: no such step from the present state, or nobody is competent yet to take it.
        """
        if self.version != seen_version:
            raise Conflict(seen=seen_version, current=self.version)
        left = CaseState(self.state)
        target = step(verb, left).target
        if self.unit_id is None and target not in MAY_LACK_UNIT:
            if verb not in GIVEN_BACK:
                raise IllegalStep(verb=verb, state=left)
            target = CaseState.REGISTERED  # taken up again before anybody was competent
        self.state = target
        if target in ENDED or target is CaseState.RESOLVED:
            self.work_ended_at = None
        if verb != "reply":
            self.needs_at = self.reminder_waiting_since = None  # somebody took it up
        return left


class Watcher(Base):
    """Somebody who said « moi aussi »: told what becomes of a demand that another made, each their own way.

    Their own link shows them what anybody may know of the demand and what they said themselves.
    """

    __tablename__ = "watchers"
    __table_args__ = (
        sa.Index("ix_watchers_case", "case_id", "id"),
        sa.Index("ix_watchers_contact", "contact_id", postgresql_where=sa.text("contact_id IS NOT NULL")),
        sa.Index(
            "uq_watchers_following",
            "case_id",
            "contact_id",
            unique=True,
            postgresql_where=sa.text("left_at IS NULL AND contact_id IS NOT NULL"),
        ),
        sa.CheckConstraint("contact_id IS NOT NULL OR answer_channel = 'none'", name="unknown_is_not_told"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    contact_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("contacts.id"))
    key: Mapped[str] = mapped_column(unique=True)  # the same form sent twice is one follower
    token: Mapped[str] = mapped_column(unique=True)  # 192 random bits, for the links of their messages
    channel: Mapped[str]  # how they came to us
    answer_channel: Mapped[str]  # how they are told
    since: Mapped[datetime]
    left_at: Mapped[datetime | None]
    agent_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    organization_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    came_from_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))  # merged
    is_requester: Mapped[bool] = mapped_column(server_default=sa.false())  # of the case merged


class CaseContact(Base):
    """Someone of a case, and what they are in it."""

    __tablename__ = "case_contacts"
    __table_args__ = (sa.CheckConstraint("role IN ('beneficiary', 'proxy')", name="role_known"),)

    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("contacts.id"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(primary_key=True)


class AnswerReach(Base):
    """Where a resident asked to be answered from now on; in force once they followed the link sent there."""

    __tablename__ = "answer_reaches"
    __table_args__ = (
        sa.CheckConstraint("channel IN ('email', 'sms')", name="channel_known"),
        sa.Index("ix_answer_reaches_case", "case_id", "asked_at"),
        sa.Index("ix_answer_reaches_reach", "reach", "asked_at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    channel: Mapped[str]
    reach: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)  # 192 random bits
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class SentForm(Base):
    """A form sent from the ground. A bad network sends it twice: its key makes the second one nothing."""

    __tablename__ = "sent_forms"
    __table_args__ = (sa.Index("ix_sent_forms_sent_at", "sent_at"),)

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    agent_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    sent_at: Mapped[datetime]


class PartnerUpdate(Base):
    """What a partner's machine said of a case, once; `moved` when the case took a step by it."""

    __tablename__ = "partner_updates"
    __table_args__ = (
        sa.UniqueConstraint("organization_id", "update_id"),
        sa.Index("ix_partner_updates_case", "case_id", "happened_at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    organization_id: Mapped[int] = mapped_column(sa.BigInteger)
    update_id: Mapped[str]  # the partner's own
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    status: Mapped[str]
    happened_at: Mapped[datetime]  # as the partner says, never before the case nor after now
    received_at: Mapped[datetime]
    moved: Mapped[bool]
    interaction_id: Mapped[int] = mapped_column(sa.BigInteger)
