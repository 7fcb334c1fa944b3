"""Pages that follow one another by what they passed, never by a number of lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from flask import request

from crm.cases import Passed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def link_to(after: str | int | None) -> dict[str, str]:
    """The Link header (RFC 8288) of a page; none on the last."""
    if after is None:
        return {}
    kept = [(name, value) for name, value in request.args.items() if name != "after"]
    return {"Link": f'<{request.path}?{urlencode([*kept, ("after", str(after))])}>; rel="next"'}


def written(passed: Passed) -> str:
    """`2-1789459200000000-12`: priority where lists are sorted by it, microseconds, id."""
    parts = [_micros(part) if isinstance(part, datetime) else part for part in passed]
    return "-".join(str(part) for part in parts)


def read(after: str | None, *, with_priority: bool) -> Passed | None:
    """What `written` wrote. One made by hand for another order is read as best it can."""
    if after is None:
        return None
    *priority, micros, last_id = [int(part) for part in after.split("-")]
    moment = _EPOCH + micros * _MICROSECOND
    if not with_priority:
        return moment, last_id
    return (priority[0] if priority else 0), moment, last_id


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
