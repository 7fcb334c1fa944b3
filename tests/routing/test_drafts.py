"""An administrator drafts, edits, publishes; two of them at once get a clear answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.foundation import (
    SYSTEM,
    Actor,
    Conflict,
    EventRow,
    FrozenClock,
    IllegalStep,
    Invalid,
    NotAllowed,
    NotFound,
    UnitOfWork,
    Units,
)
from crm.routing import (
    RoutingCache,
    Rule,
    RuleFilter,
    RuleLine,
    add_rule,
    adopt_rules,
    change_rule,
    current_table,
    differences,
    drop_draft,
    entrust_rules,
    one_rule,
    one_version,
    orphans,
    publish_draft,
    refresh_draft,
    remove_rule,
    rule_total,
    rules_of,
    rules_page,
    start_draft,
    troubles,
    versions,
    withdraw_version,
)
from crm.staff import Unit
from tests import given
from tests.given import NEIGHBOUR, TOWN, Town

ADMIN = Actor(kind="agent", id=1, roles=frozenset({"config_admin"}))
SUPERVISOR = Actor(kind="agent", id=2, roles=frozenset({"supervisor"}))
UNTRIED = "deux mots à changer"


@pytest.fixture
def town(units: Units) -> Town:
    with units.begin(SYSTEM) as uow:
        return given.town(uow)


def _first(uow: UnitOfWork, draft_id: int, category: str) -> RuleLine:
    return next(
        line
        for line in rules_page(uow.session, draft_id, RuleFilter(subjects=(category,)))
        if line.rule.road_owner is None
    )


def _drafted(units: Units, category: str, unit_id: int) -> int:
    """A draft in which this category goes to that unit."""
    with units.begin(ADMIN) as uow:
        draft_id = start_draft(uow)
        line = _first(uow, draft_id, category)
        said = replace(line.rule, unit_id=unit_id)
        change_rule(uow, draft_id, line.rule.number, said, seen_revision=line.revision)
    return draft_id


def test_a_draft_decides_nothing_until_it_is_published(units: Units, town: Town, clock: FrozenClock) -> None:
    draft_id = _drafted(units, "ECLA-01", town.roads)
    with units.begin(ADMIN) as uow:
        before = current_table(uow.session, uow.now)
        published = publish_draft(uow, draft_id, note="Contrat repris en régie", unsimulated=UNTRIED)
        after = current_table(uow.session, uow.now)
    assert (before.version, after.version) == (1, 2)
    assert published.note == "Contrat repris en régie — Publiée sans simulation\xa0: deux mots à changer"
    assert {rule.unit_id for rule in after.rules if rule.category_code == "ECLA-01"} == {town.roads}
    kept = {rule.number for rule in before.rules} == {rule.number for rule in after.rules}
    assert kept, "a rule keeps its number from version to version"


def test_a_version_to_come_takes_effect_by_itself(units: Units, town: Town, clock: FrozenClock) -> None:
    cache = RoutingCache()
    with units.reading() as session:
        assert cache.table(session, clock.now()).version == 1
    draft_id = _drafted(units, "ECLA-01", town.roads)
    with units.begin(ADMIN) as uow:
        publish_draft(
            uow, draft_id, note="Au 1er", unsimulated=UNTRIED, effective_at=uow.now + timedelta(days=3)
        )
    with units.reading() as session:
        assert cache.table(session, clock.now()).version == 1
        clock.at += timedelta(days=3)
        assert cache.table(session, clock.now()).version == 2


def test_each_change_is_told_in_codes_with_who_made_it(units: Units, town: Town) -> None:
    draft_id = _drafted(units, "ECLA-01", town.roads)
    with units.begin(ADMIN) as uow:
        added = add_rule(uow, draft_id, _rule(category_code="VIE-01", unit_id=town.roads, reason="Essai"))
        remove_rule(uow, draft_id, added, seen_revision=1)
    with units.reading() as session:
        told = session.execute(
            sa.select(EventRow.kind, EventRow.actor_id, EventRow.data)
            .where(EventRow.subject_kind == "routing_table", EventRow.subject_id == draft_id)
            .order_by(EventRow.id)
        ).all()
    assert [row.kind for row in told] == [
        "routing.draft_started",
        "routing.rule_changed",
        "routing.rule_added",
        "routing.rule_removed",
    ]
    assert {row.actor_id for row in told} == {ADMIN.id}
    assert told[1].data["changes"] == {"unit_id": [town.lighting, town.roads]}
    assert told[2].data["changes"]["reason"] == [], "free text is never told in a fact"


@pytest.mark.parametrize(
    ("note", "untried", "days", "field"),
    [("  ", UNTRIED, 0, "note"), ("Oui", UNTRIED, -1, "effective_on"), ("Oui", " ", 0, "unsimulated")],
)
def test_publishing_wants_a_note_a_trial_or_why_there_was_none_and_a_day_to_come(
    units: Units, town: Town, note: str, untried: str, days: int, field: str
) -> None:
    draft_id = _drafted(units, "ECLA-01", town.roads)
    with pytest.raises(Invalid) as refused, units.begin(ADMIN) as uow:
        publish_draft(
            uow, draft_id, note=note, unsimulated=untried, effective_at=uow.now + timedelta(days=days)
        )
    assert list(refused.value.fields) == [field]


def test_a_draft_with_a_tie_is_shown_it_and_not_published(units: Units, town: Town) -> None:
    draft_id = _drafted(units, "ECLA-01", town.roads)
    with units.begin(ADMIN) as uow:
        rival = add_rule(uow, draft_id, _rule(category_code="ECLA-01", unit_id=town.lighting))
        [tie] = troubles(rules_of(uow.session, draft_id), town.book.units)
        assert tie.code == "tie" and rival in tie.numbers
    with pytest.raises(Invalid) as refused, units.begin(ADMIN) as uow:
        publish_draft(uow, draft_id, note="Essai", unsimulated=UNTRIED)
    assert refused.value.fields == {"rules": "to_mend"}


def test_nothing_changed_is_nothing_to_publish(units: Units, town: Town) -> None:
    with units.begin(ADMIN) as uow:
        draft_id = start_draft(uow)
    with pytest.raises(Invalid) as refused, units.begin(ADMIN) as uow:
        publish_draft(uow, draft_id, note="Essai", unsimulated=UNTRIED)
    assert refused.value.fields == {"rules": "nothing_changed"}


def test_who_publishes_second_is_told_and_takes_the_other_s_changes_over(units: Units, town: Town) -> None:
    mine, theirs = _drafted(units, "ECLA-01", town.roads), _drafted(units, "VOIR-01", town.lighting)
    with units.begin(ADMIN) as uow:
        publish_draft(uow, theirs, note="La leur", unsimulated=UNTRIED)
    with pytest.raises(Conflict) as refused, units.begin(ADMIN) as uow:
        publish_draft(uow, mine, note="La mienne", unsimulated=UNTRIED)
    assert refused.value.details["version"] == 2
    with units.begin(ADMIN) as uow:
        assert refresh_draft(uow, mine).clashes == ()
        publish_draft(uow, mine, note="La mienne, reprise", unsimulated=UNTRIED)
        said = {
            rule.category_code: rule.unit_id
            for rule in current_table(uow.session, uow.now).rules
            if rule.road_owner is None
        }
    assert (said["ECLA-01"], said["VOIR-01"]) == (town.roads, town.lighting)


def test_one_rule_changed_on_both_sides_is_named_to_be_read_again(units: Units, town: Town) -> None:
    mine, theirs = _drafted(units, "ECLA-01", town.roads), _drafted(units, "ECLA-01", town.town_hall)
    with units.begin(ADMIN) as uow:
        publish_draft(uow, theirs, note="La leur", unsimulated=UNTRIED)
        done = refresh_draft(uow, mine)
        line = _first(uow, mine, "ECLA-01")
    assert done.clashes == (line.rule.number,) and line.rule.unit_id == town.roads


def test_two_people_on_one_rule_the_second_reads_it_first(units: Units, town: Town) -> None:
    with units.begin(ADMIN) as uow:
        draft_id = start_draft(uow)
        line = _first(uow, draft_id, "ECLA-01")
        change_rule(uow, draft_id, line.rule.number, replace(line.rule, priority=1), seen_revision=1)
    with pytest.raises(Conflict), units.begin(SUPERVISOR_TOO) as uow:
        change_rule(uow, draft_id, line.rule.number, replace(line.rule, priority=2), seen_revision=1)


SUPERVISOR_TOO = Actor(kind="agent", id=3, roles=frozenset({"config_admin", "supervisor"}))


def test_a_version_to_come_is_taken_back_and_nothing_is_published_before_it(
    units: Units, town: Town, clock: FrozenClock
) -> None:
    draft_id, day = _drafted(units, "ECLA-01", town.roads), clock.now() + timedelta(days=9)
    with units.begin(ADMIN) as uow:
        publish_draft(uow, draft_id, note="Au 24", unsimulated=UNTRIED, effective_at=day)
    sooner = _drafted(units, "VOIR-01", town.lighting)
    with pytest.raises(Invalid) as refused, units.begin(ADMIN) as uow:
        publish_draft(uow, sooner, note="Tout de suite", unsimulated=UNTRIED)
    assert refused.value.fields == {"effective_on": "before_the_next"}
    with units.begin(ADMIN) as uow:
        withdraw_version(uow, draft_id)
        taken_back = one_version(uow.session, ADMIN, draft_id)
        assert taken_back.is_draft and taken_back.note == "Au 24"
        publish_draft(uow, sooner, note="Tout de suite, avec ce que l’autre préparait", unsimulated=UNTRIED)
        assert current_table(uow.session, uow.now).version == 2
    with pytest.raises(IllegalStep), units.begin(ADMIN) as uow:
        withdraw_version(uow, sooner)


def test_the_rules_of_one_commune_change_hands_together(units: Units, town: Town) -> None:
    with units.begin(ADMIN) as uow:
        draft_id = start_draft(uow)
        for category in ("ECLA-01", "VIE-01"):
            add_rule(uow, draft_id, _rule(category_code=category, insee=TOWN, unit_id=town.lighting))
        add_rule(uow, draft_id, _rule(category_code="ECLA-01", insee=NEIGHBOUR, unit_id=town.lighting))
        kept = RuleFilter(insee=TOWN, unit_id=town.lighting)
        assert entrust_rules(uow, draft_id, kept, unit_id=town.roads) == 2
        assert rule_total(uow.session, draft_id, kept) == 0
        assert rule_total(uow.session, draft_id, RuleFilter(insee=NEIGHBOUR)) == 1


def test_a_proposal_changes_the_rule_that_has_its_conditions(units: Units, town: Town) -> None:
    with units.begin(ADMIN) as uow:
        draft_id = start_draft(uow)
        proposed = [
            _rule(category_code="ECLA-01", unit_id=town.roads),
            _rule(category_code="VIE-01", unit_id=town.roads),
        ]
        assert adopt_rules(uow, draft_id, proposed) == 2
        version = one_version(uow.session, ADMIN, draft_id)
        found = differences(rules_of(uow.session, version.based_on_id), rules_of(uow.session, draft_id))
    assert sorted(one.changes.keys() == {"unit_id"} for one in found) == [False, True]


def test_a_rule_whose_unit_goes_out_of_use_is_told(units: Units, town: Town, clock: FrozenClock) -> None:
    with units.begin(SYSTEM) as uow:
        uow.session.execute(sa.update(Unit).where(Unit.id == town.lighting).values(is_active=False))
        [lost] = orphans(uow.session, SUPERVISOR, clock.now())
    assert (lost.unit_id, lost.rule_count, lost.version) == (town.lighting, 1, 1)


def test_a_dropped_draft_is_gone_and_a_version_never_is(units: Units, town: Town) -> None:
    draft_id = _drafted(units, "ECLA-01", town.roads)
    with units.begin(ADMIN) as uow:
        drop_draft(uow, draft_id)
    with units.reading() as session:
        assert [card.version for card in versions(session, SUPERVISOR)] == [1]
        with pytest.raises(NotFound):
            one_rule(session, draft_id, 1)
        first = versions(session, SUPERVISOR)[0].id
    with pytest.raises(IllegalStep), units.begin(ADMIN) as uow:
        drop_draft(uow, first)


def test_a_supervisor_reads_and_does_not_edit(units: Units, town: Town) -> None:
    with pytest.raises(NotAllowed), units.begin(SUPERVISOR) as uow:
        start_draft(uow)
    with units.reading() as session, pytest.raises(NotAllowed):
        versions(session, Actor(kind="agent", id=4, roles=frozenset({"advisor"})))


def _rule(**said: object) -> Rule:
    return Rule(**{"id": 0, "position": 0, "decision": "route", **said})  # type: ignore[arg-type]
