"""A demand is found by what was said of it, in whatever French, by those who may see it and nobody else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given as draw
from hypothesis import strategies as st

from crm.cases import (
    Case,
    cases_by_references,
    make_reference,
    note_on_case,
    possible_references,
    search_cases,
)
from crm.foundation import Actor, UnitOfWork
from crm.interactions import Interaction
from tests import given
from tests.given import NEIGHBOUR, TOWN, Town

_SAID = "Deux lampadaires éteints et un câble arraché, l’éclairage de la chaussée est coupé"


@pytest.fixture
def case(uow: UnitOfWork, town: Town) -> str:
    place = given.place(label="12 rue des Lilas, Aubreval")
    return given.open_case(uow, town.book, object=_SAID, place=place)


def _found(uow: UnitOfWork, actor: Actor, text: str) -> list[str]:
    uow.session.flush()
    return [one.reference for one in search_cases(uow.session, actor, text).cases]


@pytest.mark.parametrize(
    "typed",
    [
        "lampadaire éteint",
        "lampadaires éteints",
        "LAMPADAIRE ETEINT",
        "lampadaire eteinte",
        "éclairage",
        "l'eclairage",
        "lampad",
        "chaussee",
        "câble arrachée",
        "cable arrachee",
        "12 rue des lilas",
        "aubreval",
        "lilas lampadaire",
    ],
)
def test_a_demand_is_found_in_spite_of_plurals_accents_and_haste(
    uow: UnitOfWork, case: str, advisor: Actor, typed: str
) -> None:
    assert _found(uow, advisor, typed) == [case]


@pytest.mark.parametrize("typed", ["lampadaire girafe", "13 rue des lilas", "de la", "", "  ", "zzyzx"])
def test_what_was_not_said_finds_nothing(uow: UnitOfWork, case: str, advisor: Actor, typed: str) -> None:
    assert _found(uow, advisor, typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "'", '"', "%", "_", "\\", "\x00", "lampadaire\x00", "a' | 'b", "lampadaire & !", "!!!", "lamp:*",
        "<->", "((((", "lampadaire) OR 1=1 --", "'; DROP TABLE cases; --", "x" * 10_000, "a " * 5_000, "²½ª",
        "\ud800",        "فاطمة", "😀 lampadaire", "@i99801", "œ",
    ],
)  # fmt: skip
def test_nothing_typed_can_hurt(uow: UnitOfWork, case: str, advisor: Actor, typed: str) -> None:
    assert _found(uow, advisor, typed) in ([], [case])
    assert cases_by_references(uow.session, advisor, possible_references(typed, 2026)) == []


def test_each_sees_what_they_reach_and_nothing_else(uow: UnitOfWork, town: Town, case: str) -> None:
    elsewhere = given.open_case(uow, town.book, object=_SAID, place=given.place(NEIGHBOUR))
    created = given.open_case(
        uow, town.book, object=_SAID, place=given.place(NEIGHBOUR), origin_insee=TOWN, category_code="DECH-01"
    )
    found = {
        name: set(_found(uow, actor, "lampadaires"))
        for name, actor in {
            "supervisor": given.actor("supervisor"),
            "desk": given.actor("desk_agent", insee=TOWN),
            "neighbour": given.actor("desk_agent", insee=NEIGHBOUR),
            "roads": given.actor("team_lead", unit=town.roads),
            "lighting": given.actor("team_lead", unit=town.lighting),
            "no unit": given.actor("team_lead"),
            "admin": given.actor("config_admin"),
        }.items()
    }
    assert found == {
        "supervisor": {case, elsewhere, created},
        "desk": {case, created},
        "neighbour": {elsewhere, created},
        "roads": {case, elsewhere},
        "lighting": set(),
        "no unit": set(),
        "admin": set(),
    }


def test_a_demand_given_to_another_service_is_found_by_that_one(
    uow: UnitOfWork, town: Town, case: str
) -> None:
    uow.session.execute(
        sa.text("UPDATE cases SET unit_id = :unit WHERE reference = :case"),
        {"unit": town.lighting, "case": case},
    )
    assert _found(uow, given.actor("team_lead", unit=town.lighting), "lampadaire") == [case]
    assert _found(uow, given.actor("team_lead", unit=town.roads), "lampadaire") == []


def test_the_words_follow_what_is_corrected_and_what_the_resident_adds(
    uow: UnitOfWork, case: str, advisor: Actor
) -> None:
    uow.session.execute(
        sa.insert(Interaction).values(
            case_id=sa.select(Case.id).scalar_subquery(),
            direction="in",
            channel="web",
            kind="precision",
            body="Près de la girafe",
            state="received",
            occurred_at=uow.now,
            created_at=uow.now,
        )
    )
    assert _found(uow, advisor, "girafes") == [case]
    uow.session.execute(sa.text("UPDATE cases SET object = 'Un banc cassé'"))
    assert _found(uow, advisor, "banc girafe") == [case]
    assert _found(uow, advisor, "lampadaire") == []


def test_an_internal_note_is_not_searched(uow: UnitOfWork, case: str, advisor: Actor) -> None:
    note_on_case(uow, case, "Voisin hippopotame")
    uow.write_events()
    assert _found(uow, advisor, "hippopotame") == []


def test_pages_follow_one_another_without_loss_or_repetition(
    uow: UnitOfWork, town: Town, advisor: Actor
) -> None:
    made = {given.open_case(uow, town.book, object="Une girafe") for _ in range(7)}  # all of one moment
    seen: list[str] = []
    after = None
    while True:
        page = search_cases(uow.session, advisor, "girafe", after=after, limit=3)
        seen += [one.reference for one in page.cases]
        if not page.has_more:
            break
        after = (page.cases[-1].received_at, page.cases[-1].id)
    assert len(seen) == 7 and set(seen) == made


@draw(
    year=st.integers(2017, 2026),
    number=st.integers(1, 999_999),
    length=st.integers(4, 12),
    gap=st.sampled_from(["", "-", " "]),
)
def test_any_end_of_a_reference_leads_to_it(year: int, number: int, length: int, gap: str) -> None:
    whole = make_reference(year, number)
    piece = gap.join(whole.replace("-", "")[-length:])
    assert whole in possible_references(piece, 2026)


@draw(year=st.integers(2017, 2026), number=st.integers(100, 999_999))
def test_a_number_without_its_check_digits_leads_to_it(year: int, number: int) -> None:
    whole = make_reference(year, number)
    assert whole in possible_references(str(number), 2026)
    assert whole in possible_references(f"{year} {number}", 2026)
    assert whole in possible_references(f"{year}-{number:06d}"[:9], 2026)


def test_a_piece_of_reference_finds_within_reach_only(
    uow: UnitOfWork, town: Town, case: str, advisor: Actor
) -> None:
    pieces = possible_references(case[-6:], 2026)
    assert [one.reference for one in cases_by_references(uow.session, advisor, pieces)] == [case]
    assert cases_by_references(uow.session, given.actor("desk_agent", insee=NEIGHBOUR), pieces) == []
