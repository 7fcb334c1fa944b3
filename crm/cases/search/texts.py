"""The words that a case is found by. PostgreSQL keeps them itself (docs/adr/0015-search.md)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.foundation import Base

_FILL = sa.text(
    """
    WITH part AS MATERIALIZED (SELECT id FROM cases WHERE id > :after ORDER BY id LIMIT :size),
    made AS (
      INSERT INTO case_texts (case_id, received_at, search)
      SELECT c.id, c.received_at, case_words(c) || case_later_words(c.id)
      FROM part JOIN cases c USING (id) WHERE NOT EXISTS (SELECT FROM case_texts WHERE case_id = c.id)
      ON CONFLICT DO NOTHING RETURNING case_id
    )
    SELECT (SELECT max(id) FROM part), (SELECT count(*) FROM made)
    """
)


class CaseText(Base):
    """Stems of what was said of a case and of its place, and the marks of whoever reaches it.

    Written by triggers: `cases_words`, `cases_words_changed` and `interactions_words`.
    """

    __tablename__ = "case_texts"
    __table_args__ = (
        sa.Index("ix_case_texts_received", "received_at", "case_id"),
        sa.Index(
            "ix_case_texts_search",
            "search",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 256},
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    received_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(TSVECTOR)


def fill_texts(session: Session, after: int, size: int = 5000) -> tuple[int | None, int]:
    """Index cases that came before this table did, a part at a time.

    Returns:
        The last id looked at, None past the end; and how many were added.
    """
    last, added = session.execute(_FILL, {"after": after, "size": size}).one()
    return last, added
