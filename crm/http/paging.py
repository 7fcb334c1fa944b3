"""Pages of a long list: a cursor in the address, never an offset."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import request

from crm.cases import CaseLine, Cursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cursor_from_address() -> Cursor | None:
    """`?apres=<microseconds>-<id>`; anything else is the first page."""
    due, _, case_id = request.args.get("apres", "").partition("-")
    if not (due.isdigit() and case_id.isdigit() and len(due) < 18 and len(case_id) < 18):
        return None
    return Cursor(datetime.fromtimestamp(int(due) / 1_000_000, UTC), int(case_id))


def cursor_after(lines: list[CaseLine], limit: int) -> str:
    """What the next page's address carries; empty when this page is the last."""
    if len(lines) < limit:
        return ""
    passed = lines[-1].due_at - _EPOCH
    return f"{(passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds}-{lines[-1].id}"
