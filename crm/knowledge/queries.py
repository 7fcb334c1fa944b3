"""Reading the reply templates in use."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.knowledge.models import ReplyTemplateRow
from crm.knowledge.templates import ReplyTemplate

_COLUMNS = (
    ReplyTemplateRow.message,
    ReplyTemplateRow.outcome,
    ReplyTemplateRow.channel,
    ReplyTemplateRow.category_code,
    ReplyTemplateRow.domain_code,
    ReplyTemplateRow.subject,
    ReplyTemplateRow.body,
)


def reply_templates(session: Session, message: str | None = None) -> tuple[ReplyTemplate, ...]:
    """Templates in use, of one message or of all: what `choose` chooses among."""
    query = sa.select(*_COLUMNS).where(ReplyTemplateRow.is_active).order_by(ReplyTemplateRow.id)
    if message is not None:
        query = query.where(ReplyTemplateRow.message == message)
    rows = session.execute(query)
    return tuple(ReplyTemplate(**{name: value or "" for name, value in row._mapping.items()}) for row in rows)
