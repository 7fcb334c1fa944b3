"""Cases that another tool lived through, taken in whole: nobody is written to, nothing is decided again."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.cases import Case, CaseClosed, CaseOpened, CaseState, Place, cell_of
from crm.cases.events import CaseAccepted, CaseCancelled, CaseRouted
from crm.catalogue import PastCategory, keep_past_categories
from crm.foundation import PARIS, Actor, UnitOfWork
from crm.intake.bulk import EVENT_COLUMNS, Row, copy_rows, fact, reserve_ids, reserve_references
from crm.interactions import InteractionRecorded
from crm.staff import PastOrganization, keep_past_units

_TOKEN_BYTES = 24
_NOWHERE = Place()
_ENDED = frozenset({CaseState.CLOSED, CaseState.CANCELLED})
_CASE_COLUMNS = (
    "id", "reference", "key", "public_token", "kind", "state", "channel", "category_code", "priority",
    "object", "received_at", "created_at", "updated_at", "due_at", "closed_at", "insee", "sector_code",
    "place_label", "place_precision", "postcode", "lon", "lat", "cell", "unit_id", "outcome",
    "no_answer_reason",
)  # fmt: skip
_EXCHANGE_COLUMNS = (
    "id", "case_id", "direction", "channel", "kind", "state", "occurred_at", "created_at", "is_public",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCase:
    """One case of another tool, checked.

    Args:
        key: the same row of the same source has the same key: it comes in once.
        channels: how the usager came, the first time and the times after; at least one.
        unit: (code, name) of the service that had it.
        state: a case with no unit is registered, closed or cancelled.
    """

    key: str
    received_at: datetime
    object: str
    channels: tuple[str, ...]
    category: PastCategory | str  # or the code of one of our own
    unit: tuple[str, str] | None
    state: CaseState
    due_at: datetime
    outcome: str | None = None
    no_answer_reason: str | None = None
    kind: str = "report"
    priority: int = 3
    place: Place = _NOWHERE


def import_cases(uow: UnitOfWork, organization: PastOrganization, cases: Sequence[PastCase]) -> int:
    """Take these cases in, each with its exchanges and facts, or none of them. Returns how many were new.

    What we know is when each was received; a case that had ended is closed at the moment it is taken in.
    No delivery is written: nobody hears of it.

    Raises:
        NotAllowed.
    """
    require(uow.actor, Permission.CASE_IMPORT)
    known = _known(uow.session, [case.key for case in cases])
    new = [case for case in cases if case.key not in known]
    if not new:
        return 0
    keep_past_categories(uow, [case.category for case in new if isinstance(case.category, PastCategory)])
    unit_ids = keep_past_units(uow, organization, dict(case.unit for case in new if case.unit))
    ids = reserve_ids(uow.session, "cases", len(new))
    exchange_ids = iter(reserve_ids(uow.session, "interactions", sum(len(case.channels) for case in new)))
    taken = [
        _Taken(case, case_id, unit_ids[case.unit[0]] if case.unit else None, [*_next(exchange_ids, case)])
        for case, case_id in zip(new, ids, strict=True)
    ]
    references = _references(uow.session, new)
    copy_rows(uow.session, "cases", _CASE_COLUMNS, (_case(one, next(references), uow.now) for one in taken))
    copy_rows(
        uow.session, "interactions", _EXCHANGE_COLUMNS, (r for one in taken for r in _exchanges(one, uow.now))
    )
    copy_rows(
        uow.session, "events", EVENT_COLUMNS, (r for one in taken for r in _facts(one, uow.actor, uow.now))
    )
    return len(new)


@dataclass(frozen=True, slots=True)
class _Taken:
    case: PastCase
    id: int
    unit_id: int | None
    exchange_ids: list[int]


def _next(ids: Iterator[int], case: PastCase) -> Iterator[int]:
    return (next(ids) for _ in case.channels)


def _known(session: Session, keys: list[str]) -> set[str]:
    return set(session.scalars(sa.select(Case.key).where(Case.key.in_(keys))))


def _references(session: Session, cases: Sequence[PastCase]) -> Iterator[str]:
    """One for each case in turn, of the year when the usager addressed the service."""
    years = [case.received_at.astimezone(PARIS).year for case in cases]
    drawn = {year: iter(reserve_references(session, year, n)) for year, n in sorted(Counter(years).items())}
    return (next(drawn[year]) for year in years)


def _case(one: _Taken, reference: str, now: datetime) -> Row:
    case, place = one.case, one.case.place
    ended = case.state in _ENDED
    return (
        one.id,
        reference,
        case.key,
        secrets.token_urlsafe(_TOKEN_BYTES),
        case.kind,
        case.state,
        case.channels[0],
        _code(case),
        case.priority,
        case.object,
        case.received_at,
        now,
        now,
        case.due_at,
        now if ended else None,
        place.insee,
        place.sector_code,
        place.label,
        place.precision,
        place.postcode,
        place.lon,
        place.lat,
        cell_of(place.lon, place.lat, place.insee),
        one.unit_id,
        case.outcome if ended else None,
        case.no_answer_reason if case.state is CaseState.CLOSED else None,
    )


def _exchanges(one: _Taken, now: datetime) -> Iterator[Row]:
    for at, (exchange_id, channel) in enumerate(zip(one.exchange_ids, one.case.channels, strict=True)):
        kind = "message" if at else "opening"
        yield exchange_id, one.id, "in", channel, kind, "received", one.case.received_at, now, True


def _facts(one: _Taken, actor: Actor, now: datetime) -> Iterator[Row]:
    case, received = one.case, one.case.received_at
    opening = CaseOpened(
        subject_id=one.id, channel=case.channels[0], category=_code(case), priority=case.priority
    )
    yield fact(opening, actor, received)
    for at, (exchange_id, channel) in enumerate(zip(one.exchange_ids, case.channels, strict=True)):
        kind = "message" if at else "opening"
        recorded = InteractionRecorded(
            subject_id=one.id, interaction_id=exchange_id, channel=channel, interaction_kind=kind
        )
        yield fact(recorded, actor, received)
    if one.unit_id is not None:
        yield fact(CaseRouted(subject_id=one.id, unit_id=one.unit_id), actor, now)
    if case.state is CaseState.IN_PROGRESS:
        yield fact(CaseAccepted(subject_id=one.id), actor, now)
    if case.state is CaseState.CANCELLED:
        yield fact(CaseCancelled(subject_id=one.id), actor, now)
    if case.state is CaseState.CLOSED:
        closing = CaseClosed(
            subject_id=one.id, outcome=case.outcome or "", no_answer_reason=case.no_answer_reason
        )
        yield fact(closing, actor, now)


def _code(case: PastCase) -> str:
    return case.category if isinstance(case.category, str) else case.category.code
