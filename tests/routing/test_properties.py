"""The table against an oracle that compares every pair of rules, condition by condition."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.foundation import PARIS
from crm.routing import Decision, Facts, Rule, Table, check, decide, reason_sentence
from tests.routing.facts import TUESDAY, UNITS, some_facts, some_rule

# From the heaviest condition to the lightest, as the centre is told.
WEIGHTS = (
    "answers",
    "road_owner",
    "sector_code",
    "insee",
    "category_code",
    "domain_code",
    "weekdays",
    "channel",
)
YES_NO = st.sampled_from(["yes", "no"])
CONDITIONS = {
    "answers": st.dictionaries(st.sampled_from(["deep", "wires"]), st.tuples(YES_NO), min_size=1),
    "road_owner": st.sampled_from(["public", "private"]),
    "sector_code": st.sampled_from(["S1", "S2"]),
    "insee": st.sampled_from(["99001", "99002"]),
    "category_code": st.sampled_from(["VOIR-01", "VOIR-02"]),
    "domain_code": st.sampled_from(["VOIR", "ECLA"]),
    "weekdays": st.frozensets(st.sampled_from(["tuesday", "sunday"]), min_size=1),
    "channel": st.sampled_from(["phone", "web"]),
}
conditions = st.fixed_dictionaries({}, optional=CONDITIONS)
rule_sets = st.lists(conditions, max_size=12).map(
    lambda rows: tuple(some_rule(at, unit_id=at % 9 + 1, **row) for at, row in enumerate(rows, start=1))
)
demands = st.builds(
    some_facts,
    answers=st.dictionaries(st.sampled_from(["deep", "wires"]), YES_NO),
    road_owner=st.sampled_from(["public", "private", None]),
    sector_code=st.sampled_from(["S1", "S2", None]),
    insee=st.sampled_from(["99001", "99002", None]),
    category_code=st.sampled_from(["VOIR-01", "VOIR-02"]),
    domain_code=st.sampled_from(["VOIR", "ECLA"]),
    channel=st.sampled_from(["phone", "web"]),
    received_at=st.sampled_from([TUESDAY, datetime(2026, 9, 20, 10, tzinfo=PARIS)]),
)


def _holds(rule: Rule, facts: Facts) -> bool:
    for name in WEIGHTS:
        wanted = getattr(rule, name)
        if not wanted:
            continue
        if name == "answers":
            if any(facts.answers.get(key) not in accepted for key, accepted in wanted.items()):
                return False
        elif name == "weekdays":
            if facts.received_at.strftime("%A").lower() not in wanted:
                return False
        elif getattr(facts, name) != wanted:
            return False
    return True


def _outweighs(one: Rule, other: Rule) -> bool:
    for name in WEIGHTS:
        ours, theirs = getattr(one, name), getattr(other, name)
        if name == "answers" and len(ours) != len(theirs):
            return len(ours) > len(theirs)
        if bool(ours) != bool(theirs):
            return bool(ours)
    return False


def _untied(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """What is left when of each two rules in conflict the second is dropped."""
    kept: list[Rule] = []
    for rule in rules:
        if not check([*kept, rule], UNITS):
            kept.append(rule)
    return tuple(kept)


@settings(max_examples=120, deadline=None)
@given(rule_sets, demands)
def test_the_winner_outweighs_every_other_rule_that_holds(rules: tuple[Rule, ...], facts: Facts) -> None:
    accepted = _untied(rules)
    held = [rule for rule in accepted if _holds(rule, facts)]
    best = [rule for rule in held if all(other is rule or _outweighs(rule, other) for other in held)]
    decision = decide(facts, Table(1, accepted), UNITS)
    assert len(best) == bool(held)  # no tie survives the check
    assert decision.rule_id == (best[0].id if best else None)


@settings(max_examples=120, deadline=None)
@given(rule_sets, conditions, demands)
def test_a_rule_that_does_not_concern_a_demand_changes_nothing(
    rules: tuple[Rule, ...], more: dict[str, object], facts: Facts
) -> None:
    extra = some_rule(99, unit_id=9, **more)
    if not _holds(extra, facts):
        before, after = (decide(facts, Table(1, some), UNITS) for some in (rules, (*rules, extra)))
        assert before == after


@settings(max_examples=120, deadline=None)
@given(rule_sets, demands, st.booleans(), st.booleans(), st.integers(0, 9))
def test_a_decision_is_always_explained_and_always_whole(
    rules: tuple[Rule, ...], facts: Facts, inside: bool, active: bool, known_units: int
) -> None:
    said = {name: getattr(facts, name) for name in Facts.__slots__}
    asked = Facts(**{**said, "inside": inside, "category_active": active})
    units = {number: UNITS[number] for number in range(1, known_units + 1)}
    decision = decide(asked, Table(3, rules), units)
    assert decision.reasons and all(reason_sentence(reason) for reason in decision.reasons)
    assert (decision.unit_id is not None) == (decision.kind in {"route", "refer"})
    assert (decision.qualify_reason is not None) == (decision.kind == "qualify")
    assert decision.table_version == 3


@settings(max_examples=120, deadline=None)
@given(rule_sets, demands, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_says_nothing(rules: tuple[Rule, ...], facts: Facts, chance: object) -> None:
    accepted = list(_untied(rules))
    before = decide(facts, Table(1, tuple(accepted)), UNITS)
    chance.shuffle(accepted)  # type: ignore[attr-defined]
    assert _who(decide(facts, Table(1, tuple(accepted)), UNITS)) == _who(before)


@settings(max_examples=120, deadline=None)
@given(rule_sets, demands, st.integers(0, 7 * 24 * 60))
def test_rules_that_pass_the_check_never_tie_at_any_moment(
    rules: tuple[Rule, ...], facts: Facts, minutes: int
) -> None:
    said = {name: getattr(facts, name) for name in Facts.__slots__}
    asked = Facts(**{**said, "received_at": facts.received_at + timedelta(minutes=minutes)})
    held = [rule for rule in _untied(rules) if _holds(rule, asked)]
    assert not any(
        not _outweighs(one, other) and not _outweighs(other, one)
        for one in held
        for other in held
        if one is not other
    )


def _who(decision: Decision) -> tuple[str, int | None, int | None]:
    return decision.kind, decision.unit_id, decision.rule_id
