"""Files of cases as kept; and their bytes while they wait to reach the storage."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from crm.attachments.evidence import Evidence
from crm.foundation import Base

_EVIDENCE = ", ".join(f"'{one}'" for one in Evidence)


class Attachment(Base):
    """One file of one case. Its bytes are under `key` in the storage once `stored_at` is set."""

    __tablename__ = "attachments"
    __table_args__ = (
        sa.CheckConstraint(f"evidence IN ({_EVIDENCE})", name="evidence_known"),
        sa.UniqueConstraint("case_id", "sha256"),  # the same file sent twice is one
        sa.Index("ix_attachments_case", "case_id", "id"),
        sa.Index("ix_attachments_waiting", "id", postgresql_where=sa.text("stored_at IS NULL")),
        sa.Index(
            "ix_attachments_withdrawn",
            "id",
            postgresql_where=sa.text("withdrawn_at IS NOT NULL AND stored_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)  # 192 random bits: the file in addresses
    case_id: Mapped[int] = mapped_column(sa.BigInteger)  # the room of cases is above this one: no key
    interaction_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    name: Mapped[str]  # as given, to be shown
    sha256: Mapped[str]  # of what was sent, not of what is kept
    media_type: Mapped[str]
    bytes: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    key: Mapped[str]
    thumbnail_key: Mapped[str | None]
    evidence: Mapped[str] = mapped_column(server_default=Evidence.NONE)
    added_by: Mapped[str]  # kind of actor: resident, agent, system
    agent_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    organization_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    added_at: Mapped[datetime]
    is_internal: Mapped[bool] = mapped_column(server_default=sa.true())  # the resident does not see it
    stored_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]  # by an agent: its bytes go, the row says it was there
    last_error: Mapped[str | None]  # of the last try to store it, a code


class WaitingFile(Base):
    """Bytes that no case has yet, or the storage has not taken yet. Every host sees them; none is lost."""

    __tablename__ = "waiting_files"
    __table_args__ = (
        sa.Index("ix_waiting_files_staged", "made_at", postgresql_where=sa.text("NOT is_attached")),
    )

    token: Mapped[str] = mapped_column(primary_key=True)  # the same as the attachment's
    name: Mapped[str]
    sha256: Mapped[str]
    media_type: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    content: Mapped[bytes]
    thumbnail: Mapped[bytes | None]
    made_at: Mapped[datetime]
    is_attached: Mapped[bool] = mapped_column(server_default=sa.false())


class RemoteFile(Base):
    """A photo that a partner gave by its address: fetched by a job, through the guard, then attached."""

    __tablename__ = "remote_files"
    __table_args__ = (sa.UniqueConstraint("case_id", "url"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.BigInteger)
    interaction_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    url: Mapped[str]
    from_usager: Mapped[bool]
    evidence: Mapped[str] = mapped_column(server_default=Evidence.NONE)
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # attached, or given up with a reason
    last_error: Mapped[str | None]  # a code
