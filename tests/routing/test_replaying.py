"""A draft tried on past demands; what would have changed a decision; holes; what the past teaches."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.foundation import PARIS
from crm.routing import (
    Assignment,
    PastCase,
    Replay,
    Rule,
    Table,
    compare,
    decide,
    differences,
    fate,
    learn,
    rebased,
    score,
    turns,
)
from tests.routing.facts import TUESDAY, UNITS, some_facts, some_rule

LIGHTING = some_rule(1, number=1, domain_code="ECLA", unit_id=1)


def _replayed(before: tuple[Rule, ...], after: tuple[Rule, ...], *cases: PastCase, **more: object) -> Replay:
    replay = Replay(Table(1, before), Table(0, after), UNITS, **more)  # type: ignore[arg-type]
    for case in cases:
        replay.take(case)
    return replay


def _past(reference: str, unit_id: int | None = 1, **said: object) -> PastCase:
    return PastCase(reference, some_facts(category_code="ECLA-01", domain_code="ECLA", **said), unit_id)


def test_what_would_go_elsewhere_is_counted_by_unit_category_and_commune() -> None:
    one_commune = some_rule(2, number=2, domain_code="ECLA", insee="99002", unit_id=2)
    cases = (_past("a"), _past("b", insee="99002"), _past("c", insee="99002", unit_id=2))
    replay = _replayed((LIGHTING,), (LIGHTING, one_commune), *cases)
    kept = replay.as_kept()
    assert (kept["seen"], kept["changed"], kept["followed"]) == (3, 2, 1)
    assert kept["moves"] == [{"from": "route:1", "to": "route:2", "cases": 2, "samples": ["b", "c"]}]
    assert kept["categories"] == [("ECLA-01", 2)] and kept["communes"] == [("99002", 2)]


def test_demands_taken_to_come_later_meet_rules_that_begin_later() -> None:
    later = some_rule(2, number=2, domain_code="ECLA", unit_id=2, valid_from=date(2026, 10, 6))
    assert _replayed((LIGHTING,), (LIGHTING, later), _past("a")).changed == 0
    moved = _replayed((LIGHTING,), (LIGHTING, later), _past("a"), later=timedelta(weeks=3))
    assert moved.changed == 1


def test_the_hour_stays_through_the_night_that_has_one_hour_more() -> None:
    evening = some_rule(2, number=2, domain_code="ECLA", unit_id=2, starts_at=time(22), ends_at=time(23))
    said = datetime(2026, 10, 20, 22, 30, tzinfo=PARIS)
    moved = _replayed(
        (LIGHTING,), (LIGHTING, evening), _past("a", received_at=said), later=timedelta(weeks=1)
    )
    assert moved.changed == 1


def test_one_fact_told_otherwise_says_what_would_have_changed() -> None:
    table = Table(
        1,
        (
            some_rule(1, domain_code="VOIR", unit_id=1),
            some_rule(2, domain_code="VOIR", road_owner="departmental", unit_id=2),
            some_rule(3, domain_code="VOIR", insee="99002", unit_id=3),
            some_rule(4, domain_code="VOIR", insee="99003", unit_id=3),
            some_rule(5, category_code="VOIR-01", answers={"deep": ("yes",)}, unit_id=4),
            some_rule(6, domain_code="VOIR", sector_code="S9", unit_id=5),
            some_rule(7, domain_code="ECLA", road_owner="private", unit_id=6),
            some_rule(8, domain_code="VOIR", starts_at=time(18), ends_at=time(8), unit_id=7),
        ),
    )
    found = [(one.fact, one.values, one.decision.unit_id) for one in turns(some_facts(), table, UNITS)]
    assert found == [
        ("answer", ("yes",), 4),
        ("road_owner", ("departmental",), 2),
        ("commune", ("99002", "99003"), 3),
        ("hours", ("18:00-08:00",), 7),
    ]
    there = turns(some_facts(), table, UNITS, sectors=("S9",))
    assert ("sector", ("S9",)) in [(one.fact, one.values) for one in there]


OWNERS = ["public", "private", "departmental"]
rules = st.lists(
    st.fixed_dictionaries(
        {"unit_id": st.integers(1, 4)},
        optional={
            "road_owner": st.sampled_from(OWNERS),
            "insee": st.sampled_from(["99001", "99002"]),
            "category_code": st.sampled_from(["VOIR-01", "VOIR-02"]),
            "channel": st.sampled_from(["phone", "web"]),
        },
    ),
    max_size=8,
).map(lambda rows: tuple(some_rule(at, number=at, **row) for at, row in enumerate(rows, start=1)))


@settings(max_examples=100, deadline=None)
@given(rules)
def test_what_would_have_changed_it_truly_does_and_is_never_the_same_end(found: tuple[Rule, ...]) -> None:
    table, facts = Table(1, found), some_facts()
    said = fate(decide(facts, table, UNITS))
    for one in turns(facts, table, UNITS):
        field = {"road_owner": "road_owner", "commune": "insee", "channel": "channel"}[one.fact]
        for value in one.values:
            again = fate(decide(some_facts(**{field: value}), table, UNITS))
            assert again == fate(one.decision) != said


@settings(max_examples=100, deadline=None)
@given(rules, rules, rules)
def test_changes_taken_over_leave_nothing_of_ours_behind(
    base: tuple[Rule, ...], ours: tuple[Rule, ...], theirs: tuple[Rule, ...]
) -> None:
    done = rebased(base, ours, theirs)
    wanted = {one.number: one.after for one in differences(base, ours)}
    kept = {rule.number: rule for rule in done.rules}
    for number, rule in wanted.items():
        assert (number in kept) == (rule is not None)
    untouched = {one.number for one in differences(theirs, done.rules)}
    assert untouched <= wanted.keys()
    assert [rule.position for rule in done.rules] == list(range(1, len(done.rules) + 1))
    assert rebased(base, ours, base).clashes == ()


def test_the_past_proposes_the_usual_unit_then_where_another_had_them() -> None:
    seen = [
        Assignment("ECLA-01", "99001", "east", 40),
        Assignment("ECLA-01", "99002", "west", 9),
        Assignment("ECLA-01", "99002", "east", 1),
        Assignment("VOIR-01", "99001", "roads", 2),
        Assignment("VIE-01", "99001", "a", 5),
        Assignment("VIE-01", "99001", "b", 5),
    ]
    proposals = learn(seen)
    assert [(one.category, one.territory, one.unit, one.support) for one in proposals] == [
        ("ECLA-01", None, "east", 50),
        ("ECLA-01", "99002", "west", 10),
    ], "two demands, or two units even, are for a person"
    assert (proposals[0].confidence, proposals[1].confidence) == (0.82, 0.9)
    found = score(proposals, seen, [Assignment("ECLA-01", "99002", "west"), Assignment("VIE-01", None, "a")])
    assert (found.total, found.answered, found.right, found.majority_right) == (2, 1, 1, 0)


def test_a_proposal_stands_beside_what_the_table_in_force_says() -> None:
    seen = [Assignment("ECLA-01", "99001", "east", 8), Assignment("ECLA-01", "99002", "west", 4)]
    compared = compare(learn(seen), seen, lambda _category, _territory: "west")
    assert [(one.proposal.territory, one.present, one.is_better) for one in compared] == [
        (None, 0.0, True),
        ("99002", 1.0, False),
    ]


def test_a_day_of_reception_is_asked_too() -> None:
    table = Table(1, (LIGHTING, some_rule(2, domain_code="ECLA", unit_id=2, valid_from=date(2027, 1, 1))))
    facts = some_facts(category_code="ECLA-01", domain_code="ECLA", received_at=TUESDAY)
    [found] = turns(facts, table, UNITS)
    assert (found.fact, found.values, found.decision.unit_id) == ("day", ("2027-01-01",), 2)
