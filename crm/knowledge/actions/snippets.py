"""A short text for calls and answers is drafted, then published; removed, it is no longer shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.access import Permission, require
from crm.catalogue import catalogue
from crm.foundation import Invalid, UnitOfWork, clean
from crm.knowledge.models import SnippetRow
from crm.knowledge.queries import snippet_in_force
from crm.knowledge.snippets import Snippet, snippet_faults
from crm.knowledge.versions import SNIPPET
from crm.revisions import publish_draft, write_draft


def write_snippet(uow: UnitOfWork, snippet: Snippet, *, seen: int, is_used: bool = True) -> int:
    """Keeps it as a draft; returns what is seen of it from now on.

    Args:
        is_used: False: the draft removes it.

    Raises:
        Conflict: see `crm.revisions`.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    now = snippet_in_force(uow.session, snippet.code)
    return write_draft(
        uow,
        SNIPPET,
        snippet.code,
        snippet_as_kept(snippet, is_used=is_used),
        seen=seen,
        now=snippet_as_kept(now) if now else None,
    )


def publish_snippet(uow: UnitOfWork, code: str, *, note: str, seen: int) -> None:
    """
    Raises:
        Conflict: the draft is not the one that was tried.
        Invalid: no note, nothing changed, or a snippet that lacks something.
    """
    require(uow.actor, Permission.CONTENT_EDIT)
    content = publish_draft(uow, SNIPPET, code, note=note, seen=seen)
    snippet = snippet_from_kept(code, content)
    if content["is_used"] and (wrong := dict(snippet_faults(snippet, catalogue(uow.session)))):
        raise Invalid(wrong)
    row = uow.session.get(SnippetRow, code)
    if row is None:
        row = SnippetRow(code=code)
        uow.session.add(row)
    row.title, row.words, row.until = snippet.title, snippet.words, snippet.until
    row.category_code, row.domain_code = snippet.category_code or None, snippet.domain_code or None
    row.is_active = content["is_used"]


def snippet_as_kept(snippet: Snippet, *, is_used: bool = True) -> dict[str, Any]:
    return {
        "title": clean(snippet.title),
        "words": clean(snippet.words),
        "category": snippet.category_code,
        "domain": snippet.domain_code,
        "until": snippet.until.isoformat() if snippet.until else "",
        "is_used": is_used,
    }


def snippet_from_kept(code: str, content: Mapping[str, Any]) -> Snippet:
    return Snippet(
        code=code,
        title=content["title"],
        words=content["words"],
        category_code=content["category"],
        domain_code=content["domain"],
        until=date.fromisoformat(content["until"]) if content["until"] else None,
    )
