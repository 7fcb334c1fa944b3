"""What was answered to a category's questions is read in words, by every reader, even after a correction."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from crm.catalogue import Catalogue
from crm.foundation import FrozenClock, Sessions
from crm.http import wiring
from crm.http.answers import told_answers
from tests import given
from tests.given import TOWN
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
BENCH, POTHOLE, BIN = "VOIR-08", "VOIR-01", "DECH-02"


@pytest.fixture
def catalogue(app: Flask) -> Catalogue:
    with app.test_request_context():
        return wiring().rulebooks.categories()[0]


def _told(app: Flask, catalogue: Catalogue, code: str, **answers: str) -> list[tuple[str, str]]:
    with app.test_request_context():
        return told_answers(catalogue.category(code), answers, catalogue.categories.values())


def test_in_the_order_asked_and_in_words(app: Flask, catalogue: Catalogue) -> None:
    told = _told(app, catalogue, POTHOLE, deep="yes", size="large")
    assert told == [
        ("Quelle taille\u202f?", "Plus large qu’une roue"),
        ("Est-il profond (plus qu’une main)\u202f?", "Oui"),
    ]


def test_a_day_is_said_as_a_day(app: Flask, catalogue: Catalogue) -> None:
    assert _told(app, catalogue, BENCH, from_on="2026-11-23")[0][1] == "lundi 23 novembre 2026"
    assert _told(app, catalogue, BENCH, from_on="bientôt")[0][1] == "bientôt"


def test_what_another_category_asked_under_the_same_key(app: Flask, catalogue: Catalogue) -> None:
    same = [one for one in catalogue.categories.values() for q in one.questions if q.key == "state"]
    tree = next(one for one in same if "down" in {c.value for q in one.questions for c in q.choices})
    other = next(one for one in same if one is not tree)
    words = _told(app, catalogue, tree.code, state="down")
    assert words and words[0][1] != "down"
    assert _told(app, catalogue, other.code, state="down") == words


def test_without_the_others_only_what_is_asked_is_told(app: Flask, catalogue: Catalogue) -> None:
    with app.test_request_context():
        assert told_answers(catalogue.category(POTHOLE), {"from_on": "2026-11-23"}) == []
        assert told_answers(None, {"size": "large"}) == []


@pytest.mark.parametrize("code", [BENCH, POTHOLE, BIN])
def test_the_page_of_a_demand_shows_no_code(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, code: str
) -> None:
    told = {"category_code": code, "place": given.place(TOWN), "answers": {"from_on": "2026-11-23"}}
    page = log_in("advisor").get(f"/console/demandes/{world.case(sessions, clock, **told)}").text
    assert "À partir de quel jour" in page and "lundi 23 novembre 2026" in page
    assert "from_on" not in page and "2026-11-23" not in page.replace('datetime="2026-11-23', "")
