"""Calendars as they were published; the clocks of cases; what agents are told; who is on call, and for
what.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base

NATURES = ("receipt", "first_answer", "acceptance", "resolution", "answer")
MAIL_RHYTHMS = ("never", "at_once", "daily", "weekly")
_RUNS = sa.text("met_at IS NULL AND ended_at IS NULL")


class OwnCalendar(Base):
    """A calendar besides the centre's, for units that work other hours. The centre's has no row: it is always
    there.
    """

    __tablename__ = "calendars"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(unique=True)
    retired_at: Mapped[datetime | None]


class UnitCalendar(Base):
    """Which calendar a unit goes by; without a row, the centre's."""

    __tablename__ = "unit_calendars"

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), primary_key=True)
    calendar_id: Mapped[int] = mapped_column(sa.ForeignKey("calendars.id"))


class CalendarVersion(Base):
    """A calendar as it was published; before the centre's first one, config/calendar.toml stands.

    Versions are numbered through all calendars: a number names the calendar as well. `to_reckon` clocks ran
    when it came; `reckoned` of them have been gone through.
    """

    __tablename__ = "calendar_versions"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    calendar_id: Mapped[int | None] = mapped_column(sa.ForeignKey("calendars.id"))  # None: the centre's
    written: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    to_reckon: Mapped[int] = mapped_column(default=0, server_default="0")
    reckoned: Mapped[int] = mapped_column(default=0, server_default="0")
    reckoned_at: Mapped[datetime | None]


class PlannedCalendar(Base):
    """A calendar published for a day to come: on that day it becomes a version, unless it was withdrawn."""

    __tablename__ = "planned_calendars"
    __table_args__ = (
        sa.Index(
            "uq_planned_calendars_one_to_come",
            "calendar_id",
            unique=True,
            postgresql_where=sa.text("version IS NULL AND withdrawn_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    calendar_id: Mapped[int | None] = mapped_column(sa.ForeignKey("calendars.id"))  # None: the centre's
    written: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str]
    takes_effect_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    version: Mapped[int | None] = mapped_column(sa.ForeignKey("calendar_versions.version"))  # it became
    withdrawn_at: Mapped[datetime | None]


class CaseClock(Base):
    """One promise of one case, derived from its facts: when it began, when it is due, when it was kept.

    `base_due_at` is the date without pauses, `due_at` the one that pauses give. `next_at` is the moment of
    the next thing to be done about it: reminders look at nothing else.
    """

    __tablename__ = "case_clocks"
    __table_args__ = (
        sa.CheckConstraint(f"nature IN {NATURES}", name="nature_known"),
        sa.Index(
            "ix_case_clocks_next", "next_at", "case_id", postgresql_where=sa.text("next_at IS NOT NULL")
        ),
        sa.Index("ix_case_clocks_running", "due_at", "case_id", postgresql_where=_RUNS),
    )

    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"), primary_key=True)
    nature: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    base_due_at: Mapped[datetime]
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # it stopped without being kept or missed: cancelled, given back
    rule: Mapped[str]  # what gave the date, a code
    calendar_version: Mapped[int]
    told: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")  # reminders passed
    next_at: Mapped[datetime | None]
    seen_event: Mapped[int] = mapped_column(sa.BigInteger)  # the last fact it was derived from


class ClockFollower(Base):
    """Until when facts were followed: one row."""

    __tablename__ = "clock_follower"
    __table_args__ = (sa.CheckConstraint("id", name="one_row"),)

    id: Mapped[bool] = mapped_column(primary_key=True, default=True)
    seen_until: Mapped[datetime]


class Notice(Base):
    """Something an agent is told, in the console and by the mail they chose. Codes and ids only."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.Index("ix_notices_agent", "agent_id", "id"),
        sa.Index("ix_notices_case", "case_id", "kind"),
        sa.Index("ix_notices_unread", "agent_id", postgresql_where=sa.text("read_at IS NULL")),
        sa.Index(
            "ix_notices_to_mail",
            "agent_id",
            "at",
            postgresql_where=sa.text("read_at IS NULL AND mailed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"))
    kind: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # the date it is about
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]


class NoticeChoice(Base):
    """How an agent likes to be told; without a row, as `crm.promises.choices.USUAL` says."""

    __tablename__ = "notice_choices"
    __table_args__ = (
        sa.CheckConstraint(f"mail IN {MAIL_RHYTHMS}", name="mail_known"),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23", name="hours_of_a_day"
        ),
    )

    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    mail: Mapped[str]
    muted: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), default=list, server_default="{}")
    quiet_from: Mapped[int] = mapped_column(sa.SmallInteger)
    quiet_until: Mapped[int] = mapped_column(sa.SmallInteger)


class OnCallShift(Base):
    """Who is called for what cannot wait, of a unit, from one moment to another."""

    __tablename__ = "on_call_shifts"
    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="in_order"),
        sa.Index("ix_on_call_shifts_unit", "unit_id", "ends_at"),
        sa.Index("ix_on_call_shifts_agent", "agent_id", "ends_at"),  # asked by every page of an agent
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"))
    phone: Mapped[str] = mapped_column(default="", server_default="")  # normalised; empty: by e-mail
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class UrgentCall(Base):
    """An emergency that somebody must say they have in hand: called, taken, or escalated after half an
    hour.
    """

    __tablename__ = "urgent_calls"
    __table_args__ = (
        sa.Index(
            "ix_urgent_calls_waiting",
            "called_at",
            postgresql_where=sa.text("taken_at IS NULL AND escalated_at IS NULL"),
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"), primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    called_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    taken_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    escalated_at: Mapped[datetime | None]
