"""Where each site is, and what becomes of what is promised there: what one counts by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState, Restriction, restrict_case
from crm.foundation import SYSTEM, Units
from crm.network import decide_go_live
from crm.reporting import SiteFigures, figures_by_site
from crm.staff import Agent
from tests import given
from tests.given import NEIGHBOUR, TOWN
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
PAGE = "/console/tableau/sites"
SINCE = timedelta(days=30)


@pytest.fixture
def promised(world: World, units: Units) -> Callable[..., str]:
    """A demand whose announced date was so many days ago, answered before it, after it, or not yet."""

    def make(insee: str | None, days_ago: int, answered: int | None, **told: object) -> str:
        with units.begin(SYSTEM) as uow:
            state = CaseState.ASSIGNED if answered is None else CaseState.CLOSED
            reference = given.open_case(uow, world.book, state, origin_insee=insee, **told)
            due = uow.now - timedelta(days=days_ago)
            values = {"announced_due_at": due, "updated_at": uow.now}
            if answered is not None:
                values["answered_at"] = due + timedelta(days=answered)
            changed = sa.update(Case).where(Case.reference == reference).values(values)
            uow.session.execute(changed.execution_options(synchronize_session=False))
        return reference

    return make


def test_what_is_settled_counts_kept_or_not_at_the_desk_and_at_the_unit(
    world: World, units: Units, promised: Callable[..., str]
) -> None:
    # given: at a desk two kept, one answered late, one past with no answer; one not due yet, one long ago
    for days_ago, answered in ((3, -1), (3, 0), (5, 2), (4, None), (-2, None), (60, 1)):
        promised(TOWN, days_ago, answered)
    promised(None, 3, -1, category_code="ECLA-01")
    # when
    with units.reading() as session:
        now = units.clock.now()
        found = figures_by_site(session, given.actor("supervisor"), now - SINCE, now)
    # then
    assert found.desks == {TOWN: SiteFigures(now, 4, 2)} and found.centre == SiteFigures(now, 1, 1)
    roads, lighting = world.services["voirie"], world.services["eclairage"]
    assert found.units == {roads: SiteFigures(now, 4, 2), lighting: SiteFigures(now, 1, 1)}
    assert SiteFigures(now, 10, 9).share == 90 and SiteFigures(now, 9, 9).share is None


def test_what_few_may_read_is_in_no_figure_of_who_may_not(
    world: World, units: Units, promised: Callable[..., str]
) -> None:
    about = (world.ids["supervisor"],)
    told = Restriction(reason="about_agent", motive="Une plainte.", concerned_agent_ids=about)
    with units.begin(SYSTEM) as uow:
        restrict_case(uow, promised(TOWN, 4, None), told)
    with units.reading() as session:
        now = units.clock.now()
        concerned = given.actor("supervisor", id=world.ids["supervisor"])
        assert TOWN not in figures_by_site(session, concerned, now - SINCE, now).desks
        other = given.actor("supervisor", id=world.ids["advisor"])
        assert TOWN in figures_by_site(session, other, now - SINCE, now).desks


def _table(page: str) -> dict[str, str]:
    """Site → its line, in words."""
    lines = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    return {_words(name): _words(line) for name, line in lines}


def _words(html: str) -> str:
    told = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u202f", " ").replace("\u00a0", " ")
    return " ".join(told.split())


def test_a_supervisor_reads_the_table_and_takes_it_away(
    log_in: Enter, world: World, units: Units, promised: Callable[..., str],
) -> None:  # fmt: skip
    # given: a town hall that is open, one that prepares; nobody came but one agent of a desk
    for n in range(10):
        promised(TOWN, 3, -1 if n < 9 else 2)
    with units.begin(SYSTEM) as uow:
        decide_go_live(uow, TOWN, date(2026, 9, 1), "Sans les formations")
        came = sa.update(Agent).where(Agent.id == world.ids["desk_agent"]).values(last_login_at=uow.now)
        uow.session.execute(came)
    # when
    supervisor = log_in("supervisor")
    page = supervisor.get(PAGE).text
    # then
    lines = _table(page)
    assert "Ouverte" in lines["Aubreval"] and "1 sur 1" in lines["Aubreval"]
    assert "90 % 9 sur 10" in lines["Aubreval"] and "mardi 15 septembre" in lines["Aubreval"]
    assert "Ouverte sans date" in lines["Montclar-le-Vieux"] and "0 sur 1" in lines["Montclar-le-Vieux"]
    assert (
        "aucune promesse" in lines["Montclar-le-Vieux"] and "aucune en 30 jours" in lines["Montclar-le-Vieux"]
    )
    roads = next(line for name, line in lines.items() if name.startswith("Voirie"))
    assert "Invité, pas encore venu" in roads and "90 % 9 sur 10" in roads
    assert PAGE in supervisor.get("/console/tableau").text
    written = supervisor.get(f"{PAGE}.csv")
    rows = [row.split(";") for row in written.data.decode("utf-8-sig").splitlines()]
    town = next(row for row in rows if row[1] == "Aubreval")
    assert town[0] == "Mairies" and town[5:10] == ["1", "1", "15/09/2026", "10", "9"]
    assert len(rows) == 1 + len(lines)


@pytest.mark.parametrize("who", ["team_lead", "desk_agent", "advisor", "config_admin", "field_agent"])
def test_the_figures_of_others_are_for_who_leads_the_whole(log_in: Enter, who: str) -> None:
    assert {log_in(who).get(path).status_code for path in (PAGE, f"{PAGE}.csv")} <= {403, 404}
    if who == "team_lead":
        assert PAGE not in log_in(who).get("/console/tableau").text


def test_the_table_costs_the_same_whatever_there_is(
    log_in: Enter, promised: Callable[..., str], doors_engine: sa.Engine
) -> None:
    supervisor, asked = log_in("supervisor"), []
    for insee in (TOWN, NEIGHBOUR):
        promised(insee, 3, -1)
        supervisor.get(PAGE)
        said: list[str] = []

        def note(_c: object, _k: object, statement: str, *_more: object, to: list[str] = said) -> None:
            to.append(statement)

        sa.event.listen(doors_engine, "before_cursor_execute", note)
        supervisor.get(PAGE)
        sa.event.remove(doors_engine, "before_cursor_execute", note)
        asked.append(len(said))
    assert asked[0] == asked[1], said
