"""How many statements a page costs: fixed, whatever the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from crm.cases import CaseState, note_on_case
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
_NOT_ASKED = ("SAVEPOINT", "RELEASE", "ROLLBACK")  # the test's own frame; a page has a plain transaction


@pytest.fixture
def counting(doors_engine: sa.Engine) -> Callable[[], object]:
    @contextmanager
    def count() -> Iterator[list[str]]:
        said: list[str] = []

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            if not statement.startswith(_NOT_ASKED):
                said.append(statement)

        sa.event.listen(doors_engine, "before_cursor_execute", note)
        yield said
        sa.event.remove(doors_engine, "before_cursor_execute", note)

    return count


def statements_of(counting: Callable[[], object], do: Callable[[], object]) -> list[str]:
    do()  # what is kept in memory is read once
    with counting() as said:  # type: ignore[attr-defined]
        do()
    return list(said)


def in_words(said: list[str]) -> str:
    return f"{len(said)} statements:\n" + "\n".join(line.replace("\n", " ")[:150] for line in said)


@pytest.fixture
def growing(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock, counting: Callable[[], object]
) -> Callable[..., list[list[str]]]:
    """What a page asks of the database twice: with some cases, then with as many more."""

    def asked(who: str, path: str, *states: CaseState, **told: object) -> list[list[str]]:
        browser, found = log_in(who), []
        for _ in range(2):
            for state in states:
                world.case(sessions, clock, state, **told)
            found.append(statements_of(counting, lambda: browser.get(path)))
        return found

    return asked


@pytest.mark.parametrize("who", ["advisor", "team_lead", "desk_agent", "supervisor"])
def test_a_queue_costs_at_most_eight_and_no_more_with_more_rows(
    growing: Callable[..., list[list[str]]], who: str
) -> None:
    asked = growing(who, "/console/files/toutes", *[CaseState.ASSIGNED] * 6)
    assert len(asked[0]) == len(asked[1]) <= 8, in_words(asked[1])


@pytest.mark.parametrize("who", ["advisor", "team_lead", "supervisor"])
def test_a_case_page_costs_at_most_ten_and_no_more_with_more_entries(
    log_in: Enter,
    world: World,
    sessions: Sessions,
    clock: FrozenClock,
    counting: Callable[[], object],
    who: str,
) -> None:
    browser, reference, asked = log_in(who), world.case(sessions, clock, CaseState.RESOLVED), []
    units = Units(sessions, clock, REACTIONS)
    for _ in range(2):
        for n in range(10):
            with units.begin(SYSTEM) as uow:
                note_on_case(uow, reference, f"Note {n}")
        asked.append(statements_of(counting, lambda: browser.get(f"/console/demandes/{reference}")))
    assert len(asked[0]) == len(asked[1]) <= 10, in_words(asked[1])


def test_creating_costs_at_most_twelve(log_in: Enter, counting: Callable[[], object]) -> None:
    browser = log_in("advisor")

    def create() -> None:
        answer = browser.post("/console/demandes/nouvelle", **forms.pop())
        assert answer.status_code == 303

    usual = {
        "object": "Un trou",
        "category": "VOIR-01",
        "insee": "99801",
        "lon": "3.9",
        "lat": "43.6",  # a point: demands nearby are looked for
        "channel": "phone",
        "kind": "report",
    }
    who = {
        "family_name": "Diallo",
        "phone": "06 39 98 00 01",
        "email": "a@exemple.fr",
        "answer_channel": "sms",
    }
    forms = [{**browser.form("/console/demandes/nouvelle"), **usual, **who} for _ in range(2)]
    said = statements_of(counting, create)
    assert len(said) <= 12, in_words(said)


@pytest.mark.parametrize("who", ["advisor", "desk_agent", "team_lead"])
@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/console/recherche?q=trou", 10),
        ("/console/files/toutes?service=voirie&tri=recue", 8),
        ("/console/usagers/{contact}", 14),
    ],
)
def test_search_and_sheets_cost_the_same_with_more_rows(
    log_in: Enter,
    world: World,
    sessions: Sessions,
    clock: FrozenClock,
    counting: Callable[[], object],
    who: str,
    path: str,
    most: int,
) -> None:
    browser, asked = log_in(who), []
    for _ in range(2):
        for _ in range(6):
            world.case(sessions, clock)
        with sessions() as session:
            contact = session.scalar(sa.text("SELECT max(contact_id) FROM cases"))
        address = path.format(contact=contact)
        asked.append(statements_of(counting, lambda address=address: browser.get(address)))
    assert len(asked[0]) == len(asked[1]) <= most, in_words(asked[1])
