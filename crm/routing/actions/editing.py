"""Rules of a draft: added, changed, removed, handed to another unit by the dozen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import Conflict, Invalid, UnitOfWork
from crm.routing.actions.drafting import hold_draft
from crm.routing.checking import check
from crm.routing.comparing import changed_fields
from crm.routing.drafts import RuleFilter, RuleLine, one_rule, rules_page
from crm.routing.events import RuleAdded, RuleChanged, RuleRemoved
from crm.routing.models import RoutingTable
from crm.routing.rows import RULES, row_of
from crm.routing.rules import Rule
from crm.routing.shares import share_of
from crm.staff import units

_MOST_AT_ONCE = 5000
# What is wrong with one rule → the field of the form, and why.
_WRONG = {
    "decision_unknown": ("decision", "unknown"),
    "unit_missing": ("unit_id", "required"),
    "unit_unknown": ("unit_id", "unknown"),
    "unit_disabled": ("unit_id", "unknown"),
    "unit_outside": ("decision", "body_to_refer"),
    "advice_missing": ("advice", "required"),
    "hours_incomplete": ("ends_at", "required"),
    "dates_reversed": ("valid_to", "before_start"),
    "priority_unknown": ("priority", "unknown"),
}


def add_rule(uow: UnitOfWork, draft_id: int, said: Rule) -> int:
    """Returns the number of the new rule.

    Raises:
        Invalid: what is wrong with it, by field. Conflicts with other rules are shown, not refused, here.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    draft = hold_draft(uow, draft_id)
    _sound(uow, [said])
    return _add(uow, draft, said)


def adopt_rules(uow: UnitOfWork, draft_id: int, said: Iterable[Rule]) -> int:
    """Add rules proposed; where one has the very same conditions already, its unit alone changes.

    Returns:
        How many were added or changed.

    Raises:
        Invalid: one of them is wrong; none was adopted.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    draft, rules = hold_draft(uow, draft_id), list(said)
    _sound(uow, rules)
    lines = rules_page(uow.session, draft.id, RuleFilter(), limit=_MOST_AT_ONCE)
    known = {_conditions(line.rule): line for line in lines}
    for rule in rules:
        if line := known.get(_conditions(rule)):
            _change(uow, draft, line, replace(line.rule, decision=rule.decision, unit_id=rule.unit_id))
        else:
            _add(uow, draft, rule)
    return len(rules)


def change_rule(uow: UnitOfWork, draft_id: int, number: int, said: Rule, *, seen_revision: int) -> None:
    """
    Raises:
        Conflict: a colleague changed this very rule since it was read.
        Invalid: what is wrong with it, by field.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    draft = hold_draft(uow, draft_id)
    line = _seen(uow, draft, number, seen_revision)
    _sound(uow, [said])
    _change(uow, draft, line, said)


def remove_rule(uow: UnitOfWork, draft_id: int, number: int, *, seen_revision: int) -> None:
    """
    Raises:
        Conflict: a colleague changed this very rule since it was read.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    draft = hold_draft(uow, draft_id)
    line = _seen(uow, draft, number, seen_revision)
    uow.session.execute(sa.delete(RULES).where(RULES.c.id == line.rule.id))
    draft.changed_at = uow.now
    told = changed_fields(line.rule, None)
    uow.record(RuleRemoved(subject_id=draft.id, rule=number, changes=told))


def entrust_rules(
    uow: UnitOfWork, draft_id: int, kept: RuleFilter, *, unit_id: int, among: Collection[str] | None = None
) -> int:
    """Hand all the rules of a filter that name a unit to another one; returns how many changed.

    Args:
        among: codes of the shares concerned; None for all of them.

    Raises:
        Invalid: the unit is unknown or no longer in use.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    draft = hold_draft(uow, draft_id)
    lines = rules_page(uow.session, draft.id, kept, limit=_MOST_AT_ONCE)
    chosen = [line for line in lines if among is None or share_of(line.rule) in among]
    concerned = [line for line in chosen if line.rule.unit_id not in (None, unit_id)]
    _sound(uow, [replace(line.rule, unit_id=unit_id) for line in concerned])
    for line in concerned:
        _change(uow, draft, line, replace(line.rule, unit_id=unit_id))
    return len(concerned)


def _conditions(rule: Rule) -> tuple[object, ...]:
    answers = tuple(sorted(rule.answers.items()))
    place = (rule.category_code, rule.domain_code, rule.insee, rule.sector_code, rule.road_owner)
    when = (rule.weekdays, rule.starts_at, rule.ends_at, rule.valid_from, rule.valid_to)
    return (*place, rule.place_kind, rule.channel, answers, *when)


def _sound(uow: UnitOfWork, rules: list[Rule]) -> None:
    cards = {card.id: card for card in units(uow.session)}
    codes = {problem.code for rule in rules for problem in check([rule], cards)}
    if codes:
        raise Invalid(dict(_WRONG[code] for code in codes))


def _seen(uow: UnitOfWork, draft: RoutingTable, number: int, seen_revision: int) -> RuleLine:
    line = one_rule(uow.session, draft.id, number)
    if line.revision != seen_revision:
        raise Conflict(rule=number)
    return line


def _add(uow: UnitOfWork, draft: RoutingTable, said: Rule) -> int:
    last = sa.select(sa.func.max(RULES.c.position)).where(RULES.c.table_id == draft.id)
    rule = replace(said, number=0, position=(uow.session.scalar(last) or 0) + 1)
    added = sa.insert(RULES).values(**row_of(rule), table_id=draft.id).returning(RULES.c.number)
    number: int = uow.session.execute(added).scalar_one()
    draft.changed_at = uow.now
    uow.record(RuleAdded(subject_id=draft.id, rule=number, changes=changed_fields(None, rule)))
    return number


def _change(uow: UnitOfWork, draft: RoutingTable, line: RuleLine, said: Rule) -> None:
    before = line.rule
    after = replace(said, id=before.id, number=before.number, position=before.position)
    changes = changed_fields(before, after)
    if not changes:
        return
    row = {**row_of(after), "revision": line.revision + 1}
    uow.session.execute(sa.update(RULES).where(RULES.c.id == before.id).values(**row))
    draft.changed_at = uow.now
    uow.record(RuleChanged(subject_id=draft.id, rule=before.number, changes=changes))
