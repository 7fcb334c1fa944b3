"""The invented past holds together: each case says the same in its row, its exchanges and its facts."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import Rulebook, parse_reference
from crm.cli.demo.history import load_history
from crm.cli.demo.history.calendar import Days
from crm.cli.demo.history.demands import Subjects
from crm.cli.demo.history.loading import rulebook
from crm.cli.demo.history.words import subjects
from crm.foundation import SYSTEM, Units
from tests.demo.conftest import CASES, NOW, PEOPLE


def _number(session: Session, query: str) -> int:
    return int(session.scalar(sa.text(query)) or 0)


def test_every_case_has_its_facts_and_none_is_yet_to_come(history: Session) -> None:
    assert _number(history, "SELECT count(*) FROM cases") >= CASES
    assert _number(history, "SELECT count(*) FROM contacts") == PEOPLE
    facts = "SELECT count(*) FROM events WHERE kind = 'case.opened'"
    assert _number(history, facts) == _number(history, "SELECT count(*) FROM cases")
    latest = history.scalar(sa.text("SELECT max(at) FROM events"))
    assert latest is not None
    assert latest <= NOW
    assert NOW - latest < timedelta(hours=3)  # the demonstration is alive
    # Nobody is written to: the facts are past
    assert _number(history, "SELECT count(*) FROM deliveries") == 0


_STATE_AFTER = {
    "case.opened": "registered", "case.routed": "assigned", "case.unroutable": "registered",
    "case.refused": "closed", "case.referred": "closed", "case.accepted": "in_progress",
    "case.planned": "scheduled", "case.secured": "scheduled", "case.asked": "waiting_requester",
    "case.replied": "in_progress", "case.resumed": "in_progress",
    "case.awaits_partner": "waiting_third_party",
    "case.bounced": "registered", "case.resolved": "resolved", "case.closed": "closed",
    "case.reopened": "assigned",
}  # fmt: skip


def test_the_facts_of_a_case_lead_to_its_state(history: Session) -> None:
    query = sa.text(
        "SELECT subject_id, kind, at FROM events"
        " WHERE subject_kind = 'case' AND kind LIKE 'case.%' ORDER BY id"
    )
    state: dict[int, str] = {}
    moment: dict[int, datetime] = {}
    for case_id, kind, at in history.execute(query):
        assert at >= moment.get(case_id, at), "facts are in the order in which they happened"
        state[case_id], moment[case_id] = _STATE_AFTER[kind], at
    kept = {row.id: row.state for row in history.execute(sa.text("SELECT id, state FROM cases"))}
    assert {id_: (state[id_], told) for id_, told in kept.items() if state[id_] != told} == {}


def test_every_exchange_that_a_fact_names_is_there(history: Session) -> None:
    lost = """
        SELECT count(*) FROM events e LEFT JOIN interactions i ON i.id = (e.data->>'interaction_id')::bigint
        WHERE e.data ? 'interaction_id' AND (i.id IS NULL OR i.case_id <> e.subject_id)
    """
    assert _number(history, lost) == 0
    unnamed = """
        SELECT count(*) FROM interactions i WHERE NOT (i.kind = 'opening' AND i.direction = 'out')
        AND NOT EXISTS (SELECT FROM events e WHERE (e.data->>'interaction_id')::bigint = i.id)
    """
    assert _number(history, unnamed) == 0


def test_references_are_sound_and_in_the_order_of_arrival(history: Session) -> None:
    rows = history.execute(sa.text("SELECT reference, created_at FROM cases ORDER BY created_at, id")).all()
    assert [row.reference for row in rows] == sorted(row.reference for row in rows)
    for row in rows:
        assert parse_reference(row.reference) == row.reference


def test_nobody_real_can_be_reached(history: Session) -> None:
    points = history.execute(sa.text("SELECT kind, value FROM contact_points")).all()
    fiction = ("+3363998", "+3319900", "+3326191", "+3335301", "+3346571", "+3353649")
    assert all(value.startswith(fiction) for kind, value in points if kind == "phone")
    assert all(value.endswith("@example.org") for kind, value in points if kind == "email")


def test_today_has_something_of_everything(history: Session) -> None:
    open_states = Counter(history.scalars(sa.text("SELECT state FROM cases WHERE closed_at IS NULL")))
    assert 12 <= open_states["resolved"] <= 18
    assert 6 <= open_states["registered"] <= 10
    for state in ("assigned", "in_progress", "scheduled", "waiting_requester", "waiting_third_party"):
        assert open_states[state] >= 10, state
    contested = "SELECT count(*) FROM cases WHERE contested_at IS NOT NULL AND closed_at IS NULL"
    assert _number(history, contested) == 3
    assert _number(history, "SELECT count(*) FROM interactions WHERE state = 'to_print'") == 4
    assert _number(history, "SELECT count(*) FROM interactions WHERE state = 'to_call'") == 3
    late = f"SELECT count(*) FROM cases WHERE closed_at IS NULL AND due_at < '{NOW.isoformat()}'"
    assert _number(history, late) >= 20
    today = "SELECT count(*) FROM cases WHERE closed_at IS NULL AND due_at::date = '2026-09-15'"
    assert _number(history, today) >= 15
    # Each unit of the métropole with an account has work of every kind
    for unit in ("eclairage-est", "voirie-est", "proprete"):
        mine = f"""
            SELECT count(DISTINCT state) FROM cases c JOIN units u ON u.id = c.unit_id
            WHERE u.code = '{unit}' AND closed_at IS NULL
        """
        assert _number(history, mine) >= 3, unit


def test_the_past_looks_like_a_past(history: Session) -> None:
    closed = _number(history, "SELECT count(*) FROM cases WHERE closed_at IS NOT NULL")
    late = _number(history, "SELECT count(*) FROM cases WHERE resolved_at > announced_due_at")
    assert 0.05 < late / closed < 0.25
    again = _number(history, "SELECT count(*) FROM cases WHERE reopen_count > 0")
    assert 0.02 < again / closed < 0.07
    channels = Counter(history.scalars(sa.text("SELECT channel FROM cases")))
    assert 0.48 < channels["web"] / channels.total() < 0.62
    outcomes = Counter(history.scalars(sa.text("SELECT outcome FROM cases WHERE outcome IS NOT NULL")))
    assert {"F", "P", "I", "R", "T", "D", "NC", "PV"} <= outcomes.keys()


def test_the_same_seed_and_moment_give_the_same_past(ground: Units, history: Session) -> None:
    def told(session: Session) -> list[Any]:
        columns = "object, place_label, state, received_at, due_at, unit_id"
        query = f"SELECT {columns} FROM cases ORDER BY received_at, object, place_label"
        return [tuple(row) for row in session.execute(sa.text(query))]

    first = told(history)
    history.rollback()
    again = ground.begin(SYSTEM)
    load_history(again, cases=CASES, people=PEOPLE)
    second = told(again.session)
    again.session.rollback()
    again.session.close()
    assert first == second


def test_mondays_are_heavy_and_august_is_light() -> None:
    days, chance = Days(date(2023, 1, 2), date(2025, 12, 28)), Random(1)
    drawn = [days.draw(chance) for _ in range(40_000)]
    weekdays = Counter(day.weekday() for day in drawn)
    assert 1.5 < weekdays[0] / weekdays[4] < 1.8
    months = Counter(day.month for day in drawn)
    assert 0.6 < months[8] / months[7] < 0.8


def test_leaves_fall_in_autumn_and_ice_in_winter(ground: Units) -> None:
    with ground.begin(SYSTEM) as uow:
        book: Rulebook = rulebook(uow.session, uow.now)
    drawing, chance = Subjects([*book.catalogue.categories]), Random(1)
    november, june = (Counter(drawing.draw(chance, month).code for _ in range(20_000)) for month in (11, 6))
    assert november["PROP-02"] / june["PROP-02"] > 1.6
    assert june["VOIR-06"] == 0


def test_every_category_has_its_sentences(ground: Units) -> None:
    with ground.begin(SYSTEM) as uow:
        book = rulebook(uow.session, uow.now)
    assert {subject.code for subject in subjects()} == set(book.catalogue.categories)
    assert all(len(subject.says) >= 2 for subject in subjects())
