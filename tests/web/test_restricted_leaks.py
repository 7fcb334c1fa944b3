"""A case that few may read, sought at every address of the house: others find nothing of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.routing import Rule

from crm.cases import CaseState, Restriction, restrict_case
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.reactions import REACTIONS
from tests import given
from tests.given import TOWN
from tests.web.agents import Browser
from tests.web.test_routes_by_role import FILLED
from tests.web.world import World

Enter = Callable[[str], Browser]
SECRET = "zorglonde"  # a word that no page of ours holds
OUTSIDERS = ("advisor", "desk_agent", "team_lead", "field_agent", "config_admin")
STATES = (CaseState.ASSIGNED, CaseState.RESOLVED, CaseState.WAITING_REQUESTER)


@pytest.fixture
def hidden(world: World, sessions: Sessions, clock: FrozenClock) -> list[str]:
    """In three states, with what each leaves in the lists: calls to make, letters, messages, receipts."""
    references = []
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        for state, way in zip(STATES, ("letter", "phone", "email"), strict=True):
            who = given.contact(uow, phone="06 39 98 00 44")
            told = {"object": f"Un agent {SECRET} m’a frappé", "contact_id": who, "answer_channel": way}
            references.append(given.open_case(uow, world.book, state, place=given.place(TOWN), **told))
        restriction = Restriction(reason="grave", motive=f"Motif {SECRET}.")
        for reference in references:
            restrict_case(uow, reference, restriction)
    return references


def _read_addresses(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in {"static", "calls.live"}:
            yield rule


def _path(app: Flask, rule: Rule, reference: str) -> str:
    filled = {**FILLED, "reference": reference}
    with app.test_request_context():
        values = {name: filled.get(name, "1") for name in rule.arguments}
        return str(app.url_map.bind("localhost").build(rule.endpoint, values))


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_page_shows_anything_of_it(app: Flask, log_in: Enter, hidden: list[str], who: str) -> None:
    browser, told = log_in(who), []
    for rule in _read_addresses(app):
        answer = browser.get(_path(app, rule, hidden[0]))
        text = answer.get_data(as_text=True)
        if SECRET in text or (answer.status_code == 200 and any(one in text for one in hidden)):
            told.append((rule.rule, answer.status_code))
    assert told == []


def test_a_supervisor_of_whom_it_speaks_finds_no_trace(
    app: Flask, log_in: Enter, hidden: list[str], world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    """Nor in the lists that only the centre has: receipts not sent, calls at risk, deliveries, balance."""
    about = {"concerned_agent_ids": [world.ids["supervisor"]]}
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        for reference in hidden:
            restrict_case(uow, reference, Restriction(reason="about_agent", motive="Plainte.", **about))
    clock.at += timedelta(days=3)  # what was promised is late by now
    boss, told = log_in("supervisor"), []
    for rule in _read_addresses(app):
        answer = boss.get(_path(app, rule, hidden[0]))
        text = answer.get_data(as_text=True)
        if SECRET in text or (answer.status_code == 200 and any(one in text for one in hidden)):
            told.append((rule.rule, answer.status_code))
    assert told == []


@pytest.mark.parametrize("words", [SECRET, "06 39 98 00 44"])
def test_search_finds_no_demand_of_it(log_in: Enter, hidden: list[str], words: str) -> None:
    found = log_in("advisor").post("/console/recherche/resultats", q=words)
    assert found.status_code == 200
    assert not any(one in found.text for one in hidden) and "frappé" not in found.text
    exact = log_in("advisor").post("/console/recherche/resultats", q=hidden[0]).text
    assert "Aucune demande de ce numéro" in exact


def test_a_supervisor_reads_it_and_the_reading_is_kept(log_in: Enter, hidden: list[str]) -> None:
    boss = log_in("supervisor")
    assert SECRET in boss.get(f"/console/demandes/{hidden[0]}").text
    assert hidden[0] in boss.get("/console/acces-restreints").text
    assert "Lectures" in (page := boss.get(f"/console/demandes/{hidden[0]}/acces").text)
    assert "Karim Belkacem" in page


def test_machines_and_the_map_say_nothing_of_it(app: Flask, hidden: list[str]) -> None:
    anybody = app.test_client()
    for address in ("/open311/v2/requests.json", f"/open311/v2/requests/{hidden[0]}.json"):
        answer = anybody.get(address)
        assert not any(one in json.dumps(answer.get_json(silent=True)) for one in hidden)
