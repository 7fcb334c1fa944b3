"""Who is told of what, and how far each telling got."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.foundation import Base

_UNDELIVERED = sa.text("state IN ('waiting', 'failed') AND sent_at IS NULL")


class Subscription(Base):
    """One address that is told of some facts. Its secret is never kept: see `signing.py`."""

    __tablename__ = "webhook_subscriptions"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    salt: Mapped[str]  # with the programme's own secret it makes theirs
    kinds: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.Text))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))  # of its cases alone
    is_active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    quiet_until: Mapped[datetime | None]  # it failed several times in a row: nobody knocks before
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default="1")
    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}


class Sending(Base):
    """One fact for one subscriber. `sent_at`: the first time it got through; it may be sent again since."""

    __tablename__ = "webhook_sendings"
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'failed', 'sent', 'stopped')", name="state_known"),
        sa.UniqueConstraint("subscription_id", "event_id"),
        sa.Index("ix_webhook_sendings_listed", "subscription_id", "id"),
        sa.Index(
            "ix_webhook_sendings_created",
            "created_at",
            postgresql_where=sa.text("state IN ('sent', 'stopped')"),
        ),
        sa.Index(
            "ix_webhook_sendings_undelivered",
            "subscription_id",
            "case_id",
            "id",
            postgresql_where=_UNDELIVERED,
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    subscription_id: Mapped[int] = mapped_column(sa.ForeignKey("webhook_subscriptions.id"))
    event_id: Mapped[int] = mapped_column(sa.BigInteger)
    case_id: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[str]
    tries: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]  # a code, never the server's words
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
