"""Versions and drafts as an administrator reads them: lists, pages of rules, what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from crm.access import Permission, require
from crm.foundation import Actor, NotFound
from crm.routing.checking import Checked, Problem, check, warnings
from crm.routing.models import RoutingTable
from crm.routing.queries import NO_TABLE, table_of
from crm.routing.rows import RULE_COLUMNS, RULES, rule_of
from crm.routing.rules import Rule, Table
from crm.staff import Unit


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A version, or a draft when it has no number."""

    id: int
    version: int | None
    note: str
    created_by: int | None
    changed_at: datetime | None
    published_at: datetime | None
    published_by: int | None
    effective_at: datetime | None
    based_on_id: int | None
    based_on: int | None  # the version's number
    rule_count: int

    @property
    def is_draft(self) -> bool:
        return self.version is None

    def is_to_come(self, now: datetime) -> bool:
        return self.effective_at is not None and self.effective_at > now


_BASE = aliased(RoutingTable)
_CARD = sa.select(
    RoutingTable.id,
    RoutingTable.version,
    RoutingTable.note,
    RoutingTable.created_by,
    RoutingTable.changed_at,
    RoutingTable.published_at,
    RoutingTable.published_by,
    RoutingTable.effective_at,
    RoutingTable.based_on_id,
    _BASE.version.label("based_on"),
    sa.select(sa.func.count())
    .where(RULES.c.table_id == RoutingTable.id)
    .scalar_subquery()
    .label("rule_count"),
).outerjoin(_BASE, _BASE.id == RoutingTable.based_on_id)


def versions(session: Session, actor: Actor) -> list[VersionCard]:
    """Drafts first, then versions, the latest first."""
    require(actor, Permission.ROUTING_VIEW)
    query = _CARD.order_by(RoutingTable.version.desc().nulls_first(), RoutingTable.id.desc())
    return [VersionCard(*row) for row in session.execute(query)]


def in_force(cards: Iterable[VersionCard], now: datetime) -> VersionCard | None:
    """The version that decides at this moment."""
    begun = (card for card in cards if card.effective_at is not None and card.effective_at <= now)
    return max(begun, key=lambda card: card.version or 0, default=None)


def one_version(session: Session, actor: Actor, table_id: int) -> VersionCard:
    """
    Raises:
        NotFound.
    """
    require(actor, Permission.ROUTING_VIEW)
    row = session.execute(_CARD.where(RoutingTable.id == table_id)).one_or_none()
    if row is None:
        raise NotFound(table_id=table_id)
    return VersionCard(*row)


def latest_version(session: Session) -> RoutingTable | None:
    """The last one published, in force or to come: what the next one is made from."""
    published = sa.select(RoutingTable).where(RoutingTable.version.is_not(None))
    return session.scalars(published.order_by(RoutingTable.version.desc()).limit(1)).one_or_none()


def tables_compared(session: Session, table_id: int) -> tuple[Table, Table]:
    """What a draft or a version was made from, and itself, ready to decide. Raises NotFound."""
    row = session.get(RoutingTable, table_id)
    if row is None:
        raise NotFound(table_id=table_id)
    base = session.get(RoutingTable, row.based_on_id) if row.based_on_id else None
    return table_of(session, base) if base else NO_TABLE, table_of(session, row)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFilter:
    """What to keep of a table's rules; an empty filter keeps everything.

    Args:
        subjects: codes of categories and domains.
        numbers: these rules alone, when some are to be mended.
    """

    subjects: tuple[str, ...] = ()
    insee: str = ""
    unit_id: int | None = None
    numbers: tuple[int, ...] | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        asked: list[sa.ColumnElement[bool]] = []
        if self.subjects:
            asked.append(
                sa.or_(RULES.c.category_code.in_(self.subjects), RULES.c.domain_code.in_(self.subjects))
            )
        if self.insee:  # sectors' codes are not the commune's: a rule of a sector names the sector alone
            asked.append(RULES.c.insee == self.insee)
        if self.unit_id is not None:
            asked.append(RULES.c.unit_id == self.unit_id)
        if self.numbers is not None:
            asked.append(RULES.c.number.in_(self.numbers))
        return asked


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule, and how many times it was changed in this draft: what a form must have seen."""

    rule: Rule
    revision: int


_LINE = sa.select(*RULE_COLUMNS, RULES.c.revision)


def rules_page(
    session: Session, table_id: int, kept: RuleFilter, *, after: int = 0, limit: int = 50
) -> list[RuleLine]:
    """In the order in which they were added, from a position on. One statement."""
    asked = (RULES.c.table_id == table_id, RULES.c.position > after, *kept.conditions())
    query = _LINE.where(*asked).order_by(RULES.c.position).limit(limit)
    return [_line(row) for row in session.execute(query).mappings()]


def rule_total(session: Session, table_id: int, kept: RuleFilter) -> int:
    counted = sa.select(sa.func.count()).where(RULES.c.table_id == table_id, *kept.conditions())
    return session.scalar(counted) or 0


def one_rule(session: Session, table_id: int, number: int) -> RuleLine:
    """
    Raises:
        NotFound: no such rule in this table.
    """
    asked = _LINE.where(RULES.c.table_id == table_id, RULES.c.number == number)
    row = session.execute(asked).mappings().one_or_none()
    if row is None:
        raise NotFound(rule=number)
    return _line(row)


def _line(row: Any) -> RuleLine:
    return RuleLine(rule_of(row), row["revision"])


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to mend in a table, by the numbers of the rules concerned; codes as in `checking`."""

    code: str
    numbers: tuple[int, ...]


_MOST_SHOWN = 200


def troubles(rules: Iterable[Rule], units: Mapping[int, Checked]) -> list[Trouble]:
    """Conflicts and rules that lead nowhere; two rules told the same way are told once."""
    listed = list(rules)
    return _numbered(listed, check(listed, units))


def worries(rules: Iterable[Rule], units: Mapping[int, Checked]) -> list[Trouble]:
    """What may be published as it is, and is better known."""
    listed = list(rules)
    return _numbered(listed, warnings(listed, units))


def _numbered(rules: Iterable[Rule], problems: Iterable[Problem]) -> list[Trouble]:
    numbers = {rule.position: rule.number for rule in rules}
    found = (Trouble(one.code, tuple(numbers[p] for p in one.positions)) for one in problems)
    return list(dict.fromkeys(found))[:_MOST_SHOWN]


@dataclass(frozen=True, slots=True)
class Orphan:
    """A unit that is no longer in use, and the rules of a version that still lead to it."""

    table_id: int
    version: int | None
    unit_id: int
    unit_name: str
    rule_count: int


def orphans(session: Session, actor: Actor, now: datetime) -> list[Orphan]:
    """In the version in force and in those to come: what these rules catch is to be qualified by hand."""
    require(actor, Permission.ROUTING_VIEW)
    newest = sa.select(sa.func.max(RoutingTable.version)).where(RoutingTable.effective_at <= now)
    concerned = sa.or_(RoutingTable.effective_at > now, RoutingTable.version == newest.scalar_subquery())
    query = (
        sa.select(RoutingTable.id, RoutingTable.version, Unit.id, Unit.name, sa.func.count())
        .join(RULES, RULES.c.table_id == RoutingTable.id)
        .join(Unit, Unit.id == RULES.c.unit_id)
        .where(concerned, sa.not_(Unit.is_active))
        .group_by(RoutingTable.id, RoutingTable.version, Unit.id, Unit.name)
        .order_by(RoutingTable.version, Unit.name)
    )
    return [Orphan(*row) for row in session.execute(query).all()]


def rules_by_id(session: Session, rule_ids: Iterable[int]) -> dict[int, Rule]:
    """Rules of any version by their id, to name what decided past demands."""
    wanted = sorted(set(rule_ids))
    query = sa.select(*RULE_COLUMNS).where(RULES.c.id.in_(wanted))
    return {row["id"]: rule_of(row) for row in session.execute(query).mappings()}


def rules_numbered(session: Session, number: int) -> list[Rule]:
    """One rule in each version that has it, drafts left out, the oldest first."""
    published = sa.select(RoutingTable.id).where(RoutingTable.version.is_not(None))
    query = sa.select(*RULE_COLUMNS).where(RULES.c.number == number, RULES.c.table_id.in_(published))
    return [rule_of(row) for row in session.execute(query.order_by(RULES.c.id)).mappings()]
