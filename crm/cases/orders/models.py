"""The work order as kept: who owes it, when, what came of it. Its words stand in interactions."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.cases.orders.lifecycle import OPEN, OrderState, order_step
from crm.foundation import Base, Conflict

_STATES = ", ".join(f"'{state}'" for state in OrderState)
_OPEN_STATES = ", ".join(f"'{state}'" for state in OrderState if state in OPEN)
_OPEN = sa.text("ended_at IS NULL")


class WorkOrder(Base):
    """One unit's part of the work that a case asks for.

    It says by itself who reaches it, as a case does: by its own unit, not by the one that leads the case.
    """

    __tablename__ = "work_orders"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "number"),
        sa.CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        sa.CheckConstraint(f"(state IN ({_OPEN_STATES})) = (ended_at IS NULL)", name="ended_has_date"),
        sa.CheckConstraint("state <> 'planned' OR planned_on IS NOT NULL", name="planned_has_day"),
        # Work lists: open orders only, the nearest day first, one keyset order for all of them.
        sa.Index("ix_work_orders_open_unit", "unit_id", "due_on", "id", postgresql_where=_OPEN),
        sa.Index("ix_work_orders_open_state", "state", "due_on", "id", postgresql_where=_OPEN),
        sa.Index("ix_work_orders_open", "due_on", "id", postgresql_where=_OPEN),
        sa.Index("ix_work_orders_restricted", "id", postgresql_where=sa.text("readers IS NOT NULL")),
        sa.Index("ix_work_orders_open_insee", "insee", "due_on", "id", postgresql_where=_OPEN),
        sa.Index(  # a unit's week
            "ix_work_orders_planned",
            "planned_on",
            "unit_id",
            postgresql_where=sa.text("planned_on IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # the same form sent twice is one order
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    number: Mapped[int] = mapped_column(sa.SmallInteger)  # from 1, within its case
    state: Mapped[str]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    insee: Mapped[str | None]  # of the case: it follows when the place is corrected
    origin_insee: Mapped[str | None]
    responsible_insee: Mapped[str | None]  # the commune whose own service owes it
    readers: Mapped[list[str] | None]  # of the case, when few may read it
    due_on: Mapped[date]
    agent_id: Mapped[int | None] = mapped_column(sa.BigInteger)  # who does it, when one person is named
    crew: Mapped[str] = mapped_column(server_default="")  # « Équipe 2 », a van, a contractor's team
    planned_on: Mapped[date | None]
    planned_minutes: Mapped[int | None]  # how long, when whoever planned it said so
    slot: Mapped[str] = mapped_column(server_default="")  # one of SLOTS, or the whole day
    made_safe_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    left_state: Mapped[str | None]  # where it was when the end of the case withdrew it
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    asked_note_id: Mapped[int] = mapped_column(sa.BigInteger)  # what is to be done
    ended_note_id: Mapped[int | None] = mapped_column(sa.BigInteger)  # what was done, or why not
    version: Mapped[int] = mapped_column(server_default="1")
    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}

    def move(self, verb: str, seen_version: int, now: datetime) -> None:
        """
        Raises:
            Conflict: somebody changed it since the actor saw `seen_version`.
            IllegalStep: no such step from the present state.
        """
        if self.version != seen_version:
            raise Conflict(seen=seen_version, current=self.version)
        target = order_step(verb, OrderState(self.state)).target
        self.state, self.updated_at = target, now
        if target not in OPEN:
            self.ended_at = now
