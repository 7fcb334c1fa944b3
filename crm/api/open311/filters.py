"""Which requests are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crm.api.open311.blueprint import Refused
from crm.cases import Mistyped, parse_reference

_MOST_REFERENCES = 50
_OPEN = {"open": True, "closed": False}
_MOST = 1000  # requests in one answer, as the standard says
_PAGE = 50  # when pages are asked for and their size is not
_FURTHEST = 20_000  # requests passed over: beyond, a narrower period is asked for instead
TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    size: int

    @property
    def skip(self) -> int:
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class Filters:
    """`references` given, nothing else counts; None: none was given. `is_open` None: both."""

    references: tuple[str, ...] | None
    services: tuple[str, ...]
    since: datetime
    until: datetime
    is_open: bool | None
    page: Page


def read_filters(given: Mapping[str, str], now: datetime, longest: timedelta) -> Filters:
    """
    Raises:
        Refused: a date, a status or a page that cannot be read.
    """
    since, until = span(given, now, longest)
    statuses = {status.lower() for status in _listed(given.get("status", ""))}
    if statuses - _OPEN.keys():
        raise Refused(400, "status: open, closed, or both.")
    is_open = _OPEN[statuses.pop()] if len(statuses) == 1 else None
    services = _listed(given.get("service_code", ""))
    return Filters(read_references(given), services, since, until, is_open, read_page(given))


def read_references(given: Mapping[str, str]) -> tuple[str, ...] | None:
    """Those of our own kind; what is mistyped is nobody's. None when no reference is given.

    Raises:
        Refused: too many of them.
    """
    typed = _listed(given.get("service_request_id", ""))
    if len(typed) > _MOST_REFERENCES:
        raise Refused(400, f"service_request_id: at most {_MOST_REFERENCES} at once.")
    return tuple(filter(None, map(_reference, typed))) if typed else None


def _reference(typed: str) -> str:
    try:
        return parse_reference(typed)
    except Mistyped:
        return ""


def read_page(given: Mapping[str, str]) -> Page:
    """
    Raises:
        Refused: no number, or too far.
    """
    number = _number(given, "page", 1)
    size = _number(given, "page_size", _PAGE if given.get("page") else _MOST)
    page = Page(number, min(size, _MOST))
    if page.skip > _FURTHEST:
        raise Refused(400, "page: too far; ask for a shorter period with start_date and end_date.")
    return page


def _number(given: Mapping[str, str], name: str, usual: int) -> int:
    text = given.get(name, "").strip() or str(usual)
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0):
        raise Refused(400, f"{name}: a whole number, from 1.")
    return int(text)


def span(given: Mapping[str, str], now: datetime, longest: timedelta) -> tuple[datetime, datetime]:
    """The latest period when neither end is given; no longer than `longest`."""
    since, until = moment(given, "start_date"), moment(given, "end_date")
    try:
        if since is None and until is None:
            until = now + timedelta(minutes=1)
        if since is None:
            assert until is not None
            since = until - longest
        if until is None or until - since > longest:
            until = since + longest
    except OverflowError:
        raise Refused(400, "start_date, end_date: out of any calendar.") from None
    return since, until


def moment(given: Mapping[str, str], name: str) -> datetime | None:
    """
    Raises:
        Refused: no moment.
    """
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        # A « + » that was not escaped arrives as a space.
        read = datetime.fromisoformat(
            text.replace(" ", "+") if text.count(" ") == 1 and "T" in text else text
        )
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(400, f"{name}: a W3C date and time, such as 2026-09-15T08:00:00Z.") from None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
