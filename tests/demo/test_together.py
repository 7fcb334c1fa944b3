"""Each screen of what people do together shows something on the first day; nobody is written to."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cli.demo.together import load_together
from crm.foundation import SYSTEM, UnitOfWork
from crm.territory import Commune, CommuneJoining
from tests.demo.conftest import NOW


@pytest.fixture(scope="module")
def day(history: Session) -> Session:
    load_together(UnitOfWork(history, SYSTEM, NOW, {}))
    return history


def _counts(session: Session, query: str) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(sa.text(f"{query} GROUP BY 1"))}


def test_orders_stand_at_each_of_their_steps(day: Session) -> None:
    states = _counts(day, "SELECT state, count(*) FROM work_orders")
    assert set(states) >= {"asked", "accepted", "planned", "done", "sent_back"}
    assert _counts(day, "SELECT 'ended', count(*) FROM cases WHERE work_ended_at IS NOT NULL")["ended"] >= 1


def test_people_outside_have_answered_or_not(day: Session) -> None:
    answers = _counts(day, "SELECT coalesce(answer, 'none'), count(*) FROM guest_links")
    assert set(answers) == {"none", "taken", "done", "given", "refused"}
    late = "SELECT purpose, count(*) FROM guest_links WHERE answer IS NULL AND due_on < '2026-09-15'"
    assert _counts(day, late) == {"referral": 1}
    contested = "SELECT kind, count(*) FROM events WHERE kind = 'case.reopened' AND at > '2026-09-14 16:00Z'"
    assert _counts(day, f"{contested} AND data->>'contested' = 'true'")["case.reopened"] >= 1


def test_an_incident_is_declared_and_another_only_suspected(day: Session) -> None:
    found = _counts(day, "SELECT (declared_at IS NOT NULL)::text, count(*) FROM incidents")
    assert found == {"true": 1, "false": 1}
    assert sorted(_counts(day, "SELECT case_id::text, count(*) FROM watchers").values()) == [5, 8]


def test_the_rest_of_the_day(day: Session) -> None:
    for table, least in (
        ("rounds", 2),
        ("round_stops", 5),
        ("appointments", 3),
        ("mentions", 4),
        ("lots", 1),
        ("on_call_shifts", 2),
    ):
        assert day.scalar(sa.text(f"SELECT count(*) FROM {table}")) >= least, table
    results = _counts(day, "SELECT result, count(*) FROM lot_rows")
    assert results["done"] >= 1 and results["out_of_reach"] == 1
    assert day.scalar(sa.text("SELECT count(*) FROM saved_views WHERE unit_id IS NOT NULL")) == 1


def test_communes_work_in_the_tool_and_one_has_no_day(day: Session) -> None:
    days = day.scalars(sa.select(CommuneJoining.live_on)).all()
    total = day.scalar(sa.select(sa.func.count()).select_from(Commune).where(Commune.is_member))
    assert len(days) == (total or 0) - 1 and all(days)


def test_nobody_is_written_to(day: Session) -> None:
    assert day.scalar(sa.text("SELECT count(*) FROM deliveries")) == 0
    assert day.scalar(sa.text("SELECT count(*) FROM interactions WHERE state IN ('queued')")) == 0


def test_what_is_played_comes_after_what_happened_and_the_rules_before_what_they_decided(
    day: Session,
) -> None:
    back = """SELECT count(*) FROM events s JOIN cases c ON s.subject_kind = 'case' AND c.id = s.subject_id
        WHERE s.at < c.created_at"""
    assert day.scalar(sa.text(back)) == 0
    early = """SELECT count(*) FROM events s JOIN events o ON o.subject_kind = 'case' AND
        o.subject_id = s.subject_id AND o.kind = 'case.opened'
        WHERE s.kind = 'case.followed' AND s.at < o.at"""
    assert day.scalar(sa.text(early)) == 0
    wrong = (
        """SELECT count(*) FROM cases WHERE received_at < (SELECT min(effective_at) FROM routing_tables)"""
    )
    assert day.scalar(sa.text(wrong)) == 0
    bare = "SELECT count(*) FROM events WHERE kind = 'case.unroutable' AND data->>'category' IS NULL"
    assert day.scalar(sa.text(f"{bare} AND data->>'reason' = 'no_rule'")) == 0
