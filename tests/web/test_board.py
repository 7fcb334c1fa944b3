"""The board's page: who sees it, what it opens, what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from crm.cases import CaseState
from crm.foundation import FrozenClock, Sessions
from tests import given
from tests.web.agents import Browser
from tests.web.test_statements import counting, growing, in_words
from tests.web.world import World

Enter = Callable[[str], Browser]
__all__ = ["counting", "growing"]


@pytest.fixture
def late(world: World, sessions: Sessions, clock: FrozenClock) -> list[str]:
    """Six demands, two of each; three weeks later all that is to be worked on is late."""
    states = (CaseState.ASSIGNED, CaseState.IN_PROGRESS, CaseState.RESOLVED) * 2
    references = [world.case(sessions, clock, state) for state in states]
    clock.at += timedelta(days=21)
    return references


def _numbers(html: str) -> dict[str, int]:
    found = re.findall(r'id="figure-(\w+)"[^>]*data-figure="(\d+)"', html)
    return {code: int(number) for code, number in found}


def test_each_figure_of_the_page_opens_as_many_lines(log_in: Enter, late: list[str]) -> None:
    browser = log_in("supervisor")
    page = browser.get("/console/tableau").text
    assert _numbers(page)["retard"] == 4
    links = re.findall(r'<a id="[^"]+" href="([^"]+)"[^>]*>(\d+)</a>', page)
    assert len(links) > 6
    for href, number in links:
        listed = browser.get(href.replace("&amp;", "&"))
        assert listed.status_code == 200
        assert listed.text.count("<tr>") - 1 == int(number), href
    for href in re.findall(r'id="figure-\w+" href="([^"]+)"', page):
        assert browser.get(href).status_code == 200


def test_a_team_lead_sees_their_unit_and_nothing_of_the_centre(
    log_in: Enter, late: list[str], world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    other = world.case(sessions, clock, category_code="ECLA-01")
    lead = log_in("team_lead")
    page = lead.get("/console/tableau").text
    assert "rappels" not in _numbers(page) and "Par canal" not in page
    assert other not in lead.get("/console/tableau/demandes").text
    assert lead.get("/console/tableau/accuses").status_code == 403
    for who in ("advisor", "desk_agent", "field_agent", "config_admin"):
        assert log_in(who).get("/console/tableau").status_code == 404


def test_the_part_that_renews_itself_is_the_page_without_its_frame(log_in: Enter, late: list[str]) -> None:
    browser = log_in("supervisor")
    part = browser.get("/console/tableau", partie="1").text
    assert "<html" not in part and _numbers(part) == _numbers(browser.get("/console/tableau").text)


def test_a_figure_that_does_not_exist_has_no_list(log_in: Enter) -> None:
    browser = log_in("supervisor")
    for query in ({"chiffre": "x"}, {"file": "x"}, {"age": "3"}, {"service": "x"}):
        assert browser.get("/console/tableau/demandes", **query).status_code == 404
    for nonsense in ("zzz", "²-1"):  # a digit that is no number
        assert browser.get("/console/tableau/demandes", apres=nonsense).status_code == 200


def test_a_long_list_goes_on(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.web.reporting.lists.PAGE", 2)
    wanted = {world.case(sessions, clock) for _ in range(5)}
    browser, path, seen = log_in("supervisor"), "/console/tableau/demandes", set()
    while path:
        page = browser.get(path).text
        seen |= set(re.findall(r"\d{4}-\d{6}-\d{2}(?=</span>)", page))
        follows = re.search(r'rel="next" href="([^"]+)"', page)
        path = follows[1].replace("&amp;", "&") if follows else ""
    assert seen == wanted


def test_satisfaction_is_absent_until_it_is_real(log_in: Enter) -> None:
    assert "atisfaction" not in log_in("supervisor").get("/console/tableau").text


@pytest.mark.parametrize("who", ["supervisor", "team_lead"])
def test_the_board_costs_the_same_whatever_the_rows(
    growing: Callable[..., list[list[str]]], who: str
) -> None:
    states = CaseState.ASSIGNED, CaseState.CLOSED, CaseState.RESOLVED
    counted = growing(who, "/console/tableau", *states, place=given.place())
    assert len(counted[0]) == len(counted[1]) <= 8, in_words(counted[1])
