"""Pages of a long list: a cursor in the address, never an offset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import request

from crm.cases import CaseLine, Cursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def numbers_in(cursor: str) -> list[int]:
    """`<number>-<number>…`; empty for anything else."""
    parts = cursor.split("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        return []
    return [int(part) for part in parts]


def number_of(moment: datetime) -> int:
    """As a cursor carries it: in microseconds."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(number: int) -> datetime:
    return _EPOCH + number * _MICROSECOND


def cursor_of(moment: datetime, row_id: int) -> str:
    """Where a page ends, for the address of the next."""
    return f"{number_of(moment)}-{row_id}"


def passed_in(cursor: str) -> tuple[datetime, int] | None:
    """What `cursor_of` wrote; anything else is the first page."""
    numbers = numbers_in(cursor)
    return (moment_of(numbers[0]), numbers[1]) if len(numbers) == 2 else None


def cursor_from_address() -> Cursor | None:
    """`?apres=<microseconds>-<id>`; anything else is the first page."""
    passed = passed_in(request.args.get("apres", ""))
    return Cursor(*passed) if passed else None


def cursor_after(lines: list[CaseLine], limit: int) -> str:
    """What the next page's address carries; empty when this page is the last."""
    return cursor_of(lines[-1].due_at, lines[-1].id) if len(lines) >= limit else ""
