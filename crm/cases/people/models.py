"""What colleagues do together on a case: steps outside the script, words meant for somebody, who watches."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class OffScript(StrEnum):
    """Outside what."""

    SCRIPT = "script"
    COMPETENCE = "competence"
    DELAY = "delay"
    MEANS = "means"  # a gesture or a means that no procedure gives


_KINDS = ", ".join(f"'{kind}'" for kind in OffScript)


class OffScriptStep(Base):
    """A step outside the frame. Its words stand in interactions: what was done, why, what others say."""

    __tablename__ = "off_script_steps"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        sa.CheckConstraint("(rule_at IS NULL) = (rule = '')", name="rule_is_said"),
        sa.Index("ix_off_script_steps_at", "at", "id"),
        sa.Index("ix_off_script_steps_case", "case_id"),
        sa.Index(
            "ix_off_script_steps_to_look_at",
            "at",
            postgresql_where=sa.text("look_asked AND looked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    kind: Mapped[str]
    category_code: Mapped[str | None]  # of the case, on that day
    interaction_id: Mapped[int] = mapped_column(sa.BigInteger)
    agent_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    at: Mapped[datetime]
    look_asked: Mapped[bool] = mapped_column(server_default=sa.false())
    looked_at: Mapped[datetime | None]
    looked_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    rule_at: Mapped[datetime | None]  # it was turned into a rule
    rule_by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    rule: Mapped[str] = mapped_column(server_default="")  # which one, in a sentence


class Mention(Base):
    """A note of which one colleague is told by name, or through their service."""

    __tablename__ = "mentions"
    __table_args__ = (
        sa.UniqueConstraint("interaction_id", "agent_id"),
        sa.Index("ix_mentions_unseen", "agent_id", "id", postgresql_where=sa.text("seen_at IS NULL")),
        sa.Index("ix_mentions_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"))
    interaction_id: Mapped[int] = mapped_column(sa.BigInteger)
    agent_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("agents.id", ondelete="CASCADE"))
    by_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class CaseWatch(Base):
    """An agent who follows a case: it shows among theirs when something happens to it."""

    __tablename__ = "case_watches"

    case_id: Mapped[int] = mapped_column(sa.BigInteger, sa.ForeignKey("cases.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
