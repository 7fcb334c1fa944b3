"""Which requests are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crm.api.open311.blueprint import Refused

_MOST_REFERENCES = 50
_OPEN = {"open": True, "closed": False}


@dataclass(frozen=True, slots=True)
class Filters:
    """`references` given, nothing else counts. `is_open` None: both."""

    references: tuple[str, ...]
    services: tuple[str, ...]
    since: datetime
    until: datetime
    is_open: bool | None


def read_filters(given: Mapping[str, str], now: datetime, longest: timedelta) -> Filters:
    """
    Raises:
        Refused: a date or a status that cannot be read.
    """
    references = _listed(given.get("service_request_id", ""))
    if len(references) > _MOST_REFERENCES:
        raise Refused(400, f"service_request_id: at most {_MOST_REFERENCES} at once.")
    since, until = _span(given, now, longest)
    statuses = {status.lower() for status in _listed(given.get("status", ""))}
    if statuses - _OPEN.keys():
        raise Refused(400, "status: open, closed, or both.")
    is_open = _OPEN[statuses.pop()] if len(statuses) == 1 else None
    return Filters(references, _listed(given.get("service_code", "")), since, until, is_open)


def _span(given: Mapping[str, str], now: datetime, longest: timedelta) -> tuple[datetime, datetime]:
    """At most ninety days: the latest when neither end is given."""
    since, until = _moment(given, "start_date"), _moment(given, "end_date")
    if since is None and until is None:
        until = now + timedelta(minutes=1)
    if since is None:
        assert until is not None
        since = until - longest
    if until is None or until - since > longest:
        until = since + longest
    return since, until


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        # A « + » that was not escaped arrives as a space.
        read = datetime.fromisoformat(
            text.replace(" ", "+") if text.count(" ") == 1 and "T" in text else text
        )
        moment = read if read.tzinfo else read.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(400, f"{name}: a W3C date and time, such as 2026-09-15T08:00:00Z.") from None


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
