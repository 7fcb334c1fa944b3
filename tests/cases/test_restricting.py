"""Few may read it, and whoever it speaks of never does: not by lists, not by counts, not by search."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from crm.cases import (
    Restriction,
    cases_by_references,
    lift_restriction,
    note_to,
    one_case,
    queue_counts,
    queue_page,
    restrict_case,
    restricted_cases,
    search_cases,
    write_to_centre,
)
from crm.foundation import (
    RESIDENT,
    SYSTEM,
    Actor,
    EventRow,
    IllegalStep,
    Invalid,
    NotAllowed,
    NotFound,
    Units,
)
from tests import given
from tests.given import TOWN


@dataclass(frozen=True)
class Grave:
    """One case of the roads unit that few may read, beside another that anybody may."""

    reference: str
    roads: int
    author: Actor
    boss: Actor


@pytest.fixture
def grave(units: Units) -> Grave:
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        reference = given.open_case(uow, town.book, object="Un agent a frappé mon fils")
        given.open_case(uow, town.book)
    author = given.actor("advisor", id=71)
    told = Restriction(
        reason="about_agent", motive="Plainte annoncée.", concerned_agent_ids=[80], agent_ids=[75]
    )
    with units.begin(author) as uow:
        restrict_case(uow, reference, told)
    return Grave(reference, town.roads, author, given.actor("supervisor", id=70))


def _lists(units: Units, who: Actor, reference: str) -> list[bool]:
    """Whether each way of listing shows it."""
    with units.begin(who) as uow:
        session, now = uow.session, uow.now
        return [
            reference in {line.reference for line in queue_page(session, who, "toutes", now)},
            bool(cases_by_references(session, who, [reference])),
            reference in {case.reference for case in search_cases(session, who, "frappé").cases},
            reference in {line.reference for line in restricted_cases(session, who)},
        ]


def _opens(units: Units, who: Actor, reference: str) -> bool:
    with units.begin(who) as uow:
        try:
            one_case(uow.session, who, reference)
        except NotFound:
            return False
        return True


def test_whoever_set_it_the_supervisors_and_those_named_read_it(units: Units, grave: Grave) -> None:
    for reader in (grave.author, grave.boss, given.actor("advisor", id=75)):
        assert _opens(units, reader, grave.reference)
        assert _lists(units, reader, grave.reference) == [True] * 4


def test_for_the_others_it_does_not_exist(units: Units, grave: Grave) -> None:
    others = (
        given.actor("advisor", id=72),
        given.actor("desk_agent", insee=TOWN, id=73),
        given.actor("team_lead", unit=grave.roads, id=74),
        given.actor("supervisor", id=80),  # of whom it speaks
        Actor(kind="partner", id=75, roles=frozenset({"partner_update"}), unit_ids=frozenset({grave.roads})),
    )
    for other in others:
        assert not _opens(units, other, grave.reference)
        assert _lists(units, other, grave.reference) == [False] * 4
        with units.begin(other) as uow, pytest.raises(NotFound):
            note_to(uow, grave.reference, "Je sais.")
    with units.begin(others[0]) as uow:
        assert search_cases(uow.session, others[0], "frappé").count == 0  # a number would tell as much


def test_no_number_beside_a_list_says_that_it_exists(units: Units, grave: Grave) -> None:
    for who in (
        grave.boss,
        given.actor("supervisor", id=80),
        given.actor("team_lead", unit=grave.roads, id=74),
    ):
        with units.begin(who) as uow:
            assert queue_counts(uow.session, who, ("toutes",), uow.now) == {"toutes": 1}


def test_the_programme_and_the_usager_go_on_as_before(units: Units, grave: Grave) -> None:
    assert _opens(units, SYSTEM, grave.reference)
    with units.begin(RESIDENT) as uow:
        write_to_centre(uow, grave.reference, "Mon fils va mieux.", key="k")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"motive": " "}, "motive"),
        ({"concerned_agent_ids": []}, "concerned"),
        ({"concerned_agent_ids": [71]}, "concerned"),
    ],
)
def test_it_says_why_and_of_whom(units: Units, grave: Grave, told: dict[str, object], field: str) -> None:
    whole = {"reason": "about_agent", "motive": "Plainte.", "concerned_agent_ids": [80], **told}
    with units.begin(grave.author) as uow, pytest.raises(Invalid) as refusal:
        restrict_case(uow, grave.reference, Restriction(**whole))  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]


def test_a_supervisor_lifts_it_with_a_motive(units: Units, grave: Grave) -> None:
    with units.begin(grave.author) as uow, pytest.raises(NotAllowed):
        lift_restriction(uow, grave.reference, "Fini.")
    with units.begin(grave.boss) as uow:
        with pytest.raises(Invalid):
            lift_restriction(uow, grave.reference, "")
        lift_restriction(uow, grave.reference, "Enquête close.")
        with pytest.raises(IllegalStep):
            lift_restriction(uow, grave.reference, "Encore.")
    assert _opens(units, given.actor("advisor", id=72), grave.reference)
    with units.begin(SYSTEM) as uow:
        kinds = sa.select(EventRow.kind).where(EventRow.kind.like("case.restrict%")).order_by(EventRow.id)
        assert list(uow.session.scalars(kinds)) == ["case.restricted", "case.restriction_lifted"]
