"""Lives and people written to the database: references by year, then one COPY a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from operator import itemgetter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cli.demo.history.life import CASE_COLUMNS, EXCHANGE_COLUMNS, Life
from crm.cli.demo.history.people import CONTACT_COLUMNS, LINK_COLUMNS, POINT_COLUMNS, Kept
from crm.contacts import ContactCreated
from crm.foundation import PARIS, SYSTEM
from crm.intake.bulk import EVENT_COLUMNS, Row, copy_rows, fact, reserve_references

_AT = EVENT_COLUMNS.index("at")

_BLOCKS = 7_305_220_193  # the lock of whoever reserves


def reserve_block(session: Session, table: str, how_many: int, *, identity: str = "id") -> range:
    """Ids that nobody else will be given, one after the other."""
    sequence = sa.func.pg_get_serial_sequence(table, identity)
    session.execute(sa.select(sa.func.pg_advisory_lock(_BLOCKS)))  # two of us between the two would overlap
    first = session.scalars(sa.select(sa.func.nextval(sequence))).one()
    session.execute(sa.select(sa.func.setval(sequence, first + how_many)))
    session.execute(sa.select(sa.func.pg_advisory_unlock(_BLOCKS)))
    return range(first, first + how_many)


def write_people(session: Session, people: Sequence[Kept], lives: Sequence[Life]) -> None:
    """Each is known since their first demand."""
    since: dict[int, datetime] = {}
    for start in (life.start for life in lives if life.start.person):
        if start.person and start.created_at < since.get(start.person.id, start.person.known_since):
            since[start.person.id] = start.created_at
    known = [(kept, since.get(kept.person.id, kept.person.known_since)) for kept in people]
    copy_rows(session, "contacts", CONTACT_COLUMNS, ((*kept.contact, at) for kept, at in known))
    copy_rows(session, "contact_points", POINT_COLUMNS, chain.from_iterable(k.points for k in people))
    copy_rows(session, "contact_links", LINK_COLUMNS, chain.from_iterable(k.links for k in people))
    copy_rows(session, "events", EVENT_COLUMNS, (_created(kept, at) for kept, at in known))


def name_lives(session: Session, lives: Sequence[Life], ids: range, key: str) -> None:
    """Ids and references, the latter of the year when each was typed, in the order in which they were."""
    ordered = sorted(lives, key=lambda life: life.start.created_at)
    years = [life.start.created_at.astimezone(PARIS).year for life in ordered]
    drawn = {year: iter(reserve_references(session, year, n)) for year, n in sorted(Counter(years).items())}
    for life, case_id, year in zip(ordered, ids, years, strict=True):
        life.start.id, life.start.key = case_id, f"{key}:{case_id}"
        life.start.reference = next(drawn[year])


def write_lives(session: Session, lives: Sequence[Life]) -> None:
    """Facts in the order in which they happened, so that ids tell the same story as dates."""
    copy_rows(session, "cases", CASE_COLUMNS, (life.row() for life in lives))
    copy_rows(session, "interactions", EXCHANGE_COLUMNS, chain.from_iterable(x.exchanges for x in lives))
    facts = sorted(chain.from_iterable(life.facts for life in lives), key=itemgetter(_AT))
    copy_rows(session, "events", EVENT_COLUMNS, facts)


def _created(kept: Kept, at: datetime) -> Row:
    return fact(ContactCreated(subject_id=kept.person.id), SYSTEM, at)
