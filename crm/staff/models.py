"""Who works here: organisations, their units, their agents and what each agent was granted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base

ORGANIZATION_KINDS = ("metropole", "commune", "contractor", "concession", "state", "landlord", "other")
OPERATIONS = ("in_house", "contractor", "concession", "external")
DENSITIES = ("comfortable", "compact")


class Organization(Base):
    __tablename__ = "organizations"
    __table_args__ = (sa.CheckConstraint(f"kind IN {ORGANIZATION_KINDS}", name="kind_known"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    name: Mapped[str]
    insee: Mapped[str | None] = mapped_column(sa.String(5))  # the commune whose town hall it is
    siret: Mapped[str | None]  # by which an identity provider names it
    address: Mapped[str] = mapped_column(default="", server_default="")
    phone: Mapped[str] = mapped_column(default="", server_default="")
    email: Mapped[str] = mapped_column(default="", server_default="")


class Unit(Base):
    """A service to which demands are entrusted; an active one can be written to and called (R112-11-1)."""

    __tablename__ = "units"
    __table_args__ = (
        sa.CheckConstraint(f"operation IN {OPERATIONS}", name="operation_known"),
        sa.CheckConstraint("NOT is_active OR (address <> '' AND phone <> '')", name="active_can_be_reached"),
        sa.CheckConstraint("weekly_minutes > 0", name="weekly_minutes_counted"),
        sa.CheckConstraint("usual_minutes > 0", name="usual_minutes_counted"),
        sa.Index("ix_units_organization_id", "organization_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    operation: Mapped[str]
    insee: Mapped[str | None] = mapped_column(sa.String(5))  # the commune it belongs to, if it does
    address: Mapped[str] = mapped_column(default="", server_default="")
    phone: Mapped[str] = mapped_column(default="", server_default="")
    email: Mapped[str] = mapped_column(default="", server_default="")
    opening_hours: Mapped[str] = mapped_column(default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    closing_motive: Mapped[str] = mapped_column(default="", server_default="")
    heir_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))  # takes over from a closed one
    weekly_minutes: Mapped[int | None]  # all its people together; None: not said, and no load is shown
    usual_minutes: Mapped[int] = mapped_column(
        default=60, server_default="60"
    )  # of what nobody said how long


class Agent(Base):
    __tablename__ = "agents"
    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint("failed_logins >= 0", name="failed_logins_counted"),
        sa.CheckConstraint(f"density IN {DENSITIES}", name="density_known"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    extension: Mapped[str | None] = mapped_column(unique=True)  # the telephone they answer
    password_hash: Mapped[str]
    provider_uid: Mapped[str | None] = mapped_column(unique=True)  # issuer|uid
    first_name: Mapped[str]
    last_name: Mapped[str]
    title: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # the capacity shown on letters (L111-2)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    is_anonymous: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false()
    )  # unnamed to usagers, for their safety (CRPA L111-2)
    anonymity_motive: Mapped[str] = mapped_column(default="", server_default="")  # why, as it was decided
    failed_logins: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=0, server_default="0")  # raising it ends all sessions
    language: Mapped[str] = mapped_column(default="fr", server_default="fr")
    weekly_digest: Mapped[bool] = mapped_column(default=True, server_default=sa.true())  # of a desk
    density: Mapped[str] = mapped_column(default="comfortable", server_default="comfortable")
    shortcuts_on: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    shortcut_keys: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default=sa.text("'{}'")
    )  # see shortcuts.py


class Grant(Base):
    """A role, and where it holds: in a unit, at a commune's desk, or wherever the role reaches by itself."""

    __tablename__ = "grants"
    __table_args__ = (
        sa.UniqueConstraint("agent_id", "role", "unit_id", "insee", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"))
    role: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    insee: Mapped[str | None] = mapped_column(sa.String(5))


class RoleNote(Base):
    """Why roles were given or taken, as whoever did it wrote. The fact holds its id, never its words."""

    __tablename__ = "role_notes"
    __table_args__ = (sa.Index("ix_role_notes_agent_id", "agent_id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"))
    text: Mapped[str]


class SavedView(Base):
    """A list that an agent comes back to: which one, and its filters as they stand in an address.

    Shared with a unit, it stands before all who work there; what each reads in it is what they may read.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        sa.UniqueConstraint("agent_id", "name"),
        sa.Index(
            "uq_saved_views_unit_name",
            "unit_id",
            "name",
            unique=True,
            postgresql_where=sa.text("unit_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"))
    name: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))  # shared with
    view: Mapped[str]
    query: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime]
