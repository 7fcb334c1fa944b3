"""Who is competent and why, one story after the other."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from crm.foundation import PARIS
from crm.routing import Problem, Reason, Table, check, decide, reason_sentence
from crm.routing.checking import warnings
from tests.routing.facts import UNITS, Service, some_facts, some_rule


def test_the_same_pothole_on_three_grounds() -> None:
    # given
    table = Table(
        7,
        (
            some_rule(1, category_code="VOIR-01", insee="99001", unit_id=1, reason="Voirie, secteur Est"),
            some_rule(
                2, domain_code="VOIR", road_owner="private", decision="refuse", unit_id=None, advice="Syndic"
            ),
            some_rule(3, domain_code="VOIR", road_owner="state", decision="refer", unit_id=2),
        ),
    )
    # when
    ours, private, state = (
        decide(some_facts(road_owner=owner), table, UNITS) for owner in ("public", "private", "state")
    )
    # then
    assert (ours.kind, ours.unit_id, ours.rule_id, ours.table_version) == ("route", 1, 1, 7)
    assert [reason.code for reason in ours.reasons] == ["commune", "category", "rule"]
    assert (private.kind, private.unit_id, private.advice) == ("refuse", None, "Syndic")
    assert private.reasons[0] == Reason("road_owner", {"road_owner": "private"})
    assert (state.kind, state.unit_id) == ("refer", 2)


def test_outside_the_metropole_the_resident_is_told_whom_to_contact() -> None:
    everything = some_rule(1)
    table = Table(1, (everything,), "Adressez-vous à la mairie.", "Ask the town hall.")
    outside = decide(some_facts(inside=False, insee=None), table, UNITS)
    assert (outside.kind, outside.advice, outside.advice_en) == (
        "refuse",
        "Adressez-vous à la mairie.",
        "Ask the town hall.",
    )
    assert outside.reasons == (Reason("outside_territory"),)


def test_a_rule_may_name_a_neighbour_commune() -> None:
    by_treaty = some_rule(2, insee="99500", decision="refer", unit_id=3)
    decision = decide(some_facts(inside=False, insee="99500"), Table(1, (some_rule(1), by_treaty)), UNITS)
    assert (decision.kind, decision.unit_id) == ("refer", 3)


def test_a_demand_without_place_is_never_outside() -> None:
    decision = decide(
        some_facts(inside=False, insee=None, place_kind="none"), Table(1, (some_rule(),)), UNITS
    )
    assert decision.kind == "route"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"category_code": None, "domain_code": None}, "category_unknown"),
        ({"category_active": False}, "category_retired"),
        ({"insee": None}, "place_unknown"),
        ({"insee": "99002"}, "no_rule"),
        ({"insee": "99003"}, "unit_disabled"),
        ({"insee": "99004"}, "unit_unknown"),
    ],
)
def test_what_nobody_can_decide_is_to_be_qualified_with_its_reason(
    said: dict[str, object], reason: str
) -> None:
    # given
    rules = (
        some_rule(1, insee="99001"),
        some_rule(2, insee="99003", unit_id=2),
        some_rule(3, insee="99004", unit_id=99),
    )
    # when
    decision = decide(some_facts(**said), Table(1, rules), {1: Service(1), 2: Service(2, is_active=False)})
    # then
    assert (decision.kind, decision.unit_id, decision.qualify_reason) == ("qualify", None, reason)
    assert decision.reasons[0].code == reason
    assert reason_sentence(decision.reasons[0])


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ({"road_owner": "public"}, {"answers": {"deep": ("yes",)}}),
        ({"answers": {"deep": ("yes",)}}, {"answers": {"deep": ("yes",), "size": ("large", "medium")}}),
        ({"sector_code": "S1", "insee": "99001", "category_code": "VOIR-01"}, {"road_owner": "public"}),
        ({"insee": "99001", "category_code": "VOIR-01"}, {"sector_code": "S1"}),
        ({"category_code": "VOIR-01"}, {"insee": "99001"}),
        ({"domain_code": "VOIR", "weekdays": frozenset({"tuesday"})}, {"category_code": "VOIR-01"}),
        ({"domain_code": "VOIR"}, {"domain_code": "VOIR", "weekdays": frozenset({"tuesday"})}),
        ({}, {"domain_code": "VOIR"}),
        ({}, {"valid_from": date(2026, 1, 1)}),
    ],
)
def test_the_more_precise_rule_wins_wherever_it_stands(
    weaker: dict[str, object], stronger: dict[str, object]
) -> None:
    facts = some_facts(sector_code="S1", answers={"deep": "yes", "size": "large"})
    for first, second in ((1, 2), (2, 1)):
        rules = (some_rule(first, unit_id=1, **weaker), some_rule(second, unit_id=2, **stronger))
        assert decide(facts, Table(1, rules), UNITS).unit_id == 2


def test_from_a_date_on_the_contractor_is_competent_and_before_it_the_own_crew() -> None:
    crew = some_rule(1, valid_to=date(2026, 12, 31), unit_id=1)
    contractor = some_rule(2, valid_from=date(2027, 1, 1), unit_id=2)
    table = Table(1, (crew, contractor))
    assert check((crew, contractor), UNITS) == []
    last_minute = some_facts(received_at=datetime(2026, 12, 31, 23, 59, tzinfo=PARIS))
    first_minute = some_facts(received_at=datetime(2027, 1, 1, 0, 0, tzinfo=PARIS))
    assert [decide(facts, table, UNITS).unit_id for facts in (last_minute, first_minute)] == [1, 2]


@pytest.mark.parametrize(
    ("received", "unit_id"),
    [
        ("2026-09-15 17:59", 1),
        ("2026-09-15 18:00", 2),  # Tuesday evening
        ("2026-09-16 07:29", 2),
        ("2026-09-16 07:30", 1),
        ("2026-09-19 12:00", 3),  # Saturday
    ],
)
def test_nights_and_week_ends_have_their_own_team(received: str, unit_id: int) -> None:
    weekdays = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday"})
    rules = (
        some_rule(1, unit_id=1),
        some_rule(2, unit_id=2, weekdays=weekdays, starts_at=time(18), ends_at=time(7, 30)),
        some_rule(3, unit_id=3, weekdays=frozenset({"saturday", "sunday"})),
    )
    assert check(rules, UNITS) == []
    facts = some_facts(received_at=datetime.fromisoformat(received).replace(tzinfo=PARIS))
    assert decide(facts, Table(1, rules), UNITS).unit_id == unit_id


@pytest.mark.parametrize(
    ("one", "other", "tied"),
    [
        ({}, {}, True),
        ({"insee": "99001"}, {"insee": "99002"}, False),
        ({"insee": "99001"}, {"category_code": "VOIR-01"}, False),  # not equally precise
        ({"answers": {"a": ("yes",)}}, {"answers": {"b": ("yes",)}}, True),  # one demand may say both
        ({"answers": {"a": ("yes", "maybe")}}, {"answers": {"a": ("no", "maybe")}}, True),
        ({"answers": {"a": ("yes",)}}, {"answers": {"a": ("no",)}}, False),
        ({"valid_to": date(2026, 6, 30)}, {"valid_from": date(2026, 6, 30)}, True),  # both days included
        ({"valid_to": date(2026, 6, 29)}, {"valid_from": date(2026, 6, 30)}, False),
        ({"weekdays": frozenset({"monday"})}, {"weekdays": frozenset({"sunday"})}, False),
        (
            {"starts_at": time(18), "ends_at": time(8)},
            {"starts_at": time(7), "ends_at": time(12)},
            True,
        ),
        (
            {"starts_at": time(18), "ends_at": time(8)},
            {"starts_at": time(8), "ends_at": time(18)},
            False,
        ),
    ],
)
def test_two_rules_that_one_demand_could_meet_equally_are_refused(
    one: dict[str, object], other: dict[str, object], tied: bool
) -> None:
    found = check([some_rule(1, **one), some_rule(2, **other)], UNITS)
    assert found == ([Problem("tie", (1, 2))] if tied else [])


def test_what_is_none_of_ours_is_transmitted_and_not_entrusted() -> None:
    units = {**UNITS, 9: Service(9, operation="external", email="")}
    entrusted, passed_on = some_rule(1, unit_id=9), some_rule(2, insee="99001", unit_id=9, decision="refer")
    assert check([entrusted, passed_on], units) == [Problem("unit_outside", (1,))]
    assert warnings([entrusted, passed_on, some_rule(3, decision="refer")], units) == [
        Problem("no_email", (2,))
    ]


def test_every_problem_is_named_at_once() -> None:
    rules = [
        some_rule(1, insee="99001", unit_id=None),
        some_rule(2, insee="99002", unit_id=99),
        some_rule(3, insee="99003", unit_id=9),
        some_rule(4, insee="99004", unit_id=None, decision="refuse"),
        some_rule(5, insee="99005", decision="ask", starts_at=time(8), priority=5),
        some_rule(6, insee="99006", valid_from=date(2027, 1, 1), valid_to=date(2026, 1, 1)),
        some_rule(7, insee="99006", valid_from=date(2026, 1, 1)),
    ]
    told = {(p.code, p.positions) for p in check(rules, {**UNITS, 9: Service(9, is_active=False)})}
    assert told == {
        ("unit_missing", (1,)),
        ("unit_unknown", (2,)),
        ("unit_disabled", (3,)),
        ("advice_missing", (4,)),
        ("decision_unknown", (5,)),
        ("hours_incomplete", (5,)),
        ("priority_unknown", (5,)),
        ("dates_reversed", (6,)),
        ("tie", (6, 7)),
    }


def test_without_a_category_the_sentence_quotes_none() -> None:
    said = reason_sentence(Reason("no_rule", {"category": ""}))
    assert said == "aucune règle ne dit qui est compétent"
    assert "Voirie" in reason_sentence(Reason("no_rule", {"category": "Voirie"}))
