"""Reading the centre's words: reply templates and short texts in use."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.knowledge.models import ReplyTemplateRow, SnippetRow
from crm.knowledge.snippets import Snippet
from crm.knowledge.templates import ReplyTemplate, Use

_COLUMNS = (
    ReplyTemplateRow.message,
    ReplyTemplateRow.outcome,
    ReplyTemplateRow.channel,
    ReplyTemplateRow.category_code,
    ReplyTemplateRow.domain_code,
    ReplyTemplateRow.language,
    ReplyTemplateRow.subject,
    ReplyTemplateRow.body,
)
_SNIPPET = (
    SnippetRow.code,
    SnippetRow.title,
    SnippetRow.words,
    SnippetRow.category_code,
    SnippetRow.domain_code,
    SnippetRow.until,
)


def reply_templates(session: Session, message: str | None = None) -> tuple[ReplyTemplate, ...]:
    """Templates in use, of one message or of all: what `choose` chooses among."""
    query = sa.select(*_COLUMNS).where(ReplyTemplateRow.is_active).order_by(ReplyTemplateRow.id)
    if message is not None:
        query = query.where(ReplyTemplateRow.message == message)
    rows = session.execute(query)
    return tuple(ReplyTemplate(**{name: value or "" for name, value in row._mapping.items()}) for row in rows)


def text_in_force(session: Session, use: Use) -> ReplyTemplate | None:
    return next((text for text in reply_templates(session, use[0]) if text.use == use), None)


def snippets(session: Session) -> tuple[Snippet, ...]:
    """Short texts in use; those whose last day is past are among them."""
    rows = session.execute(sa.select(*_SNIPPET).where(SnippetRow.is_active).order_by(SnippetRow.title))
    return tuple(
        Snippet(
            code=row.code,
            title=row.title,
            words=row.words,
            category_code=row.category_code or "",
            domain_code=row.domain_code or "",
            until=row.until,
        )
        for row in rows
    )


def snippet_in_force(session: Session, code: str) -> Snippet | None:
    return next((one for one in snippets(session) if one.code == code), None)
