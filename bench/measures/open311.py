"""A partner's machine lists fifty requests, in both forms: the latest, one category, an old period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench.house import House
from bench.load import Call, drive, exchange, get
from bench.plan import Plan
from bench.serving import warm
from bench.table import Line, judged
from crm.foundation import SYSTEM, SystemClock, Units, open_engine, session_factory
from crm.reactions import REACTIONS
from crm.staff import KeyScope, create_api_key

_CLIENTS = 2
_MOST_MS = 80.0
_ROWS = 50
_ENDS = {"json": "]", "xml": "</service_requests>"}


def measure(house: House, plan: Plan) -> Iterator[Line]:
    key = _key(house)
    today = datetime.now(UTC)
    old = f"start_date={_day(today, 300)}&end_date={_day(today, 211)}"
    for form, end in _ENDS.items():
        for name, asked in (("latest", ""), ("one category", "service_code=ECLA-01"), ("old period", old)):
            path = f"/open311/v2/requests.{form}?page=1&page_size={_ROWS}&api_key={key}&{asked}"
            call = get(house.address, path, holds=["service_request_id", end])
            told = f"Open311, {_rows(house, call)} requests, {name}, {form}, p95"
            warm(house, [call])
            result = drive(house.address, [call], clients=_CLIENTS, seconds=plan.seconds)
            yield judged(told, result.p95, "ms", "≤ 80", lambda ms: ms <= _MOST_MS, len(result.wrong))


def _rows(house: House, call: Call) -> int:
    """What the list really holds: a short one would be quick for nothing."""
    status, answer = exchange(house.address, call)
    if status != 200:
        raise SystemExit(f"Open311: status {status}: {answer[-300:]!r}")
    return answer.count(b"requested_datetime") // (2 if b"<service_requests>" in answer else 1)


def _key(house: House) -> str:
    engine = open_engine(house.database_url, forked=True)
    units = Units(session_factory(engine), SystemClock(), REACTIONS)
    with units.begin(SYSTEM) as uow:
        key = create_api_key(uow, "Mesures", None, scopes=[KeyScope.READ], per_minute=10**6, per_day=10**8)
    engine.dispose()
    return key


def _day(today: datetime, ago: int) -> str:
    return f"{today - timedelta(days=ago):%Y-%m-%d}"
