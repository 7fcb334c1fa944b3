"""A case that few may read, sought at every address of the house: others find nothing of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from io import BytesIO
from itertools import product
from zipfile import ZipFile

import pytest
from flask import Flask
from pypdf import PdfReader
from werkzeug.test import TestResponse

from crm.cases import VIEWS
from crm.foundation import FrozenClock, Sessions, Units
from crm.inbox import Outcome
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.hidden import SECRET, Hidden, hide
from tests.web.test_routes_by_role import FILLED
from tests.web.world import World

CHANNELS = ("email", "web", "phone", "desk", "letter")
ENDS = (*Outcome, "non-lus")
Enter = Callable[[str], Browser]
OUTSIDERS = ("advisor", "desk_agent", "team_lead", "field_agent", "lighting", "config_admin")


@pytest.fixture
def kept(sessions: Sessions, clock: FrozenClock, world: World) -> Hidden:
    return hide(Units(sessions, clock, REACTIONS), world)


@pytest.fixture
def hidden(kept: Hidden) -> Sequence[str]:
    return kept.references


def _read_addresses(app: Flask, hidden: Hidden, day: date) -> Iterator[str]:
    """Each address that is read, with all that belongs to the demands; what does not is filled anyhow."""
    at = {**hidden.at, "jour": [day.isoformat()], "canal": CHANNELS, "fin": ENDS, "form": ["csv", "xlsx"]}
    at |= {"view": sorted(VIEWS), "by": ["secteur", "rue"]}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "calls.live"}:
            continue
        names = sorted(rule.arguments)
        for values in product(*(at.get(name, [FILLED.get(name, "1")]) for name in names)):
            built = rule.build(dict(zip(names, values, strict=True)))
            assert built is not None, rule
            yield built[1]


def _told(answer: TestResponse) -> str:
    """Its words, however they are wrapped."""
    content = answer.get_data()
    if content.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode() for name in parts.namelist())
    return answer.get_data(as_text=True) if not answer.mimetype.startswith("image/") else SECRET


def _telling(app: Flask, browser: Browser, hidden: Hidden, day: date) -> list[str]:
    told = []
    for address in _read_addresses(app, hidden, day):
        answer = browser.get(address)
        text = _told(answer)
        named = answer.status_code == 200 and any(one in text for one in hidden.references)
        if SECRET in text or named:
            told.append(f"{answer.status_code} {address}")
    return told


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_page_shows_anything_of_it(
    app: Flask, log_in: Enter, kept: Hidden, who: str, clock: FrozenClock
) -> None:
    assert "\n".join(_telling(app, log_in(who), kept, clock.at.date())) == ""


def test_a_supervisor_of_whom_it_speaks_finds_no_trace(
    app: Flask, log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    """Nor in the lists that only the centre has: receipts not sent, calls at risk, deliveries, balance."""
    about = {"reason": "about_agent", "concerned_agent_ids": [world.ids["supervisor"]]}
    kept, day = hide(Units(sessions, clock, REACTIONS), world, **about), clock.at.date()
    clock.at += timedelta(days=3)  # what was promised is late by now
    assert "\n".join(_telling(app, log_in("supervisor"), kept, day)) == ""


def test_each_of_these_addresses_shows_it_to_who_may_read_it(
    app: Flask, log_in: Enter, kept: Hidden, clock: FrozenClock
) -> None:
    """Else the walk above would prove nothing."""
    shown = set(_telling(app, log_in("supervisor"), kept, clock.at.date()))
    at = {name: values[0] for name, values in kept.at.items()}
    day = clock.at.date().isoformat()
    for wanted in (
        f"/console/arrivees/{at['inbound_id']}",
        f"/console/arrivees/{at['inbound_id']}/original",
        f"/console/arrivees/bilan/{day}/email/case",
        f"/console/arrivees/bilan/{day}/web/case",
        f"/console/courriers/lots/{at['batch_id']}",
        f"/console/courriers/lots/{at['batch_id']}.pdf",
        f"/console/interventions/{at['reference']}/1",
        f"/console/interventions/{kept.references[2]}/1",
        f"/console/tournees/{at['round_id']}",
        f"/console/incidents/{at['incident_id']}",
        "/console/files/toutes/export.csv",
        "/console/files/toutes/export.xlsx",
    ):
        assert f"200 {wanted}" in shown, wanted


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
