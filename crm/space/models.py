"""A resident's own space: the links that open it, and the visits they opened."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base


class SpaceLink(Base):
    """Somebody asked for a way in. Known or not, the address is kept: asking does not tell who is known."""

    __tablename__ = "space_links"
    __table_args__ = (
        sa.Index("ix_space_links_email", "email", "asked_at"),
        sa.Index("ix_space_links_ends_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    email: Mapped[str]
    language: Mapped[str] = mapped_column(default="fr", server_default="fr")
    is_known: Mapped[bool]  # nothing is sent to an address that nobody gave us
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # it opens once


class SpaceVisit(Base):
    """A browser that was let in. Only the hash of its key is kept: whoever reads this table cannot enter."""

    __tablename__ = "space_visits"
    __table_args__ = (
        sa.Index("ix_space_visits_email", "email"),
        sa.Index("ix_space_visits_ends_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]  # proved: by the link it received, or by an identity provider
    proof: Mapped[str] = mapped_column(default="link", server_default="link")
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
