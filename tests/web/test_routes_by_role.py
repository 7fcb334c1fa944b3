"""Every address × every role: what is out of reach does not exist, whatever the verb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions
from crm.http import gate_of, holds
from tests import given
from tests.web.world import World

AGENTS = ("advisor", "desk_agent", "neighbour", "team_lead", "field_agent", "supervisor", "config_admin")
REACH_EVERYTHING = {"advisor", "supervisor"}
FILLED: dict[str, Any] = {
    "view": "toutes",
    "delivery_id": 1,
    "interaction_id": 1,
    "contact_id": 1,
    "draft_id": 1,
    "token": "x" * 32,
    "file": "y" * 32,
    "filename": "icon.svg",
    "form": "csv",
    "view_id": 1,
    "key": "k" * 43,
    "slug": "avis",
    "key_id": 1,
    "appointment_id": 1,
    "slot_id": 1,
    "step_id": 1,
    "help_id": 1,
    "watcher_id": 1,
    "inbound_id": 1,
    "number": 1,
    "walk_in_id": 1,
    "subscription_id": 1,
    "sending_id": 1,
    "call_id": 1,
    "batch_id": 1,
    "jour": "2026-09-15",
    "canal": "email",
    "fin": "case",
    "point_id": 1,
    "relation_id": 1,
    "link_id": 1,
    "lot_id": 1,
    "round_id": 1,
    "incident_id": 1,
    "unit_id": 1,
    "shift_id": 1,
    "calendar_id": 1,
    "planned_id": 1,
    "version": 1,
    "table_id": 1,
    "rule_number": 1,
    "thing": "categories",
    "code": "ECLA-01",
    "rank": 1,
    "simulation_id": 1,
    "organization_id": 1,
    "agent_id": 1,
    "grant_id": 1,
    "skill_id": 1,
    "insee": "99801",
    "step": "training",
}


def _addresses(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def _path(app: Flask, rule: Rule, reference: str) -> str:
    values = {name: FILLED.get(name, reference) for name in rule.arguments}
    built = rule.build(values)
    assert built is not None, rule
    return built[1]


def _role(who: str) -> str:
    return {"neighbour": "desk_agent", "lighting": "team_lead"}.get(who, who)


def _client(app: Flask, agent_id: int | None) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False  # what is asked here is who may, not from which site
    client = app.test_client()
    if agent_id is not None:
        with client.session_transaction() as session:
            session["_user_id"] = f"{agent_id}-0"
    return client


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    """A lighting case in no commune: neither the desks nor the roads unit reach it."""
    return world.case(sessions, clock, CaseState.RESOLVED, category_code="ECLA-01", place=given.place(None))


def test_every_address_says_who_may_come(app: Flask) -> None:
    silent = {
        rule.endpoint
        for rule, _ in _addresses(app)
        if rule.endpoint != "static" and gate_of(app, rule.endpoint) is None
    }
    assert not silent, f"write @needs(Permission.…) or @public above the views of {sorted(silent)}"


def test_everything_under_console_needs_an_agent(app: Flask) -> None:
    open_ = {
        r.rule for r, _ in _addresses(app) if r.rule.startswith("/console") and not gate_of(app, r.endpoint)
    }
    assert not open_, f"write @needs(Permission.…) instead of @public for {sorted(open_)}"


def test_nobody_in_particular_is_sent_to_log_in(app: Flask, reference: str) -> None:
    client, wrong = _client(app, None), []
    for rule, method in _addresses(app):
        if not gate_of(app, rule.endpoint) or rule.endpoint == "static":
            continue
        answer = client.open(_path(app, rule, reference), method=method)
        if answer.status_code != 302 or not answer.headers["Location"].startswith("/login"):
            wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("who", AGENTS)
def test_a_role_without_the_right_finds_no_such_page(
    app: Flask, world: World, reference: str, who: str
) -> None:
    client, wrong = _client(app, world.ids[who]), []
    for rule, method in _addresses(app):
        gate = gate_of(app, rule.endpoint)
        if not gate or holds(frozenset({_role(who)}), gate):
            continue
        answer = client.open(_path(app, rule, reference), method=method)
        if answer.status_code != 404:
            wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("who", [who for who in AGENTS if who not in REACH_EVERYTHING])
def test_a_case_out_of_reach_does_not_exist_for_any_verb(
    app: Flask, world: World, reference: str, who: str
) -> None:
    client, wrong = _client(app, world.ids[who]), []
    for rule, method in _addresses(app):
        if "reference" not in rule.arguments or not rule.rule.startswith("/console"):
            continue
        for form in ({}, _plausible()):
            answer = client.open(_path(app, rule, reference), method=method, data=form)
            if answer.status_code != 404:
                wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("who", AGENTS)
def test_no_address_breaks_or_opens_by_accident(app: Flask, world: World, reference: str, who: str) -> None:
    client, wrong = _client(app, world.ids[who]), []
    for rule, method in _addresses(app):
        answer = client.open(_path(app, rule, reference), method=method, data=_plausible())
        if answer.status_code >= 500 and not rule.rule.startswith(("/readyz", "/healthz")):
            wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


def _plausible() -> dict[str, str]:
    """Enough for any act to be taken, were it allowed."""
    return {
        "seen_version": "3",
        "planned_on": "2026-09-20",
        "outcome": "F",
        "report": "Fait.",
        "motive": "Parce que.",
        "reason": "wrong_unit",
        "question": "Où ?",
        "text": "Une note.",
        "unit_id": "1",
        "body": "Bonjour.",
        "channel": "email",
        "no_answer_reason": "anonymous",
        "object": "Un trou",
        "q": "12 rue",
    }
