"""The second factors of agents: at most one application, several passkeys, ten recovery codes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base

MOST_CODES = 10


class SecondFactor(Base):
    """An agent's application, and the challenge that one of their passkeys must answer."""

    __tablename__ = "second_factors"

    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str | None]  # sealed, see sealing.py
    secret_since: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(sa.BigInteger)  # of the last code accepted: never again
    challenge: Mapped[bytes | None]  # answered once
    challenge_at: Mapped[datetime | None]
    reset_words: Mapped[str] = mapped_column(default="", server_default="")  # why it was last taken away


class Passkey(Base):
    """A key that the agent's device keeps: only its public half is here."""

    __tablename__ = "passkeys"
    __table_args__ = (
        sa.Index("ix_passkeys_agent_id", "agent_id"),
        sa.CheckConstraint("sign_count >= 0", name="sign_count_counted"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)  # goes up, unless the key never counts
    name: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of the ten that were shown once. Its rank is its first digit: one hash is checked, not ten."""

    __tablename__ = "recovery_codes"
    __table_args__ = (sa.CheckConstraint(f"rank BETWEEN 0 AND {MOST_CODES - 1}", name="rank_is_a_digit"),)

    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    rank: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]
