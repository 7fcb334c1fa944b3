"""« Besoin d'aide maintenant »: one call at a time, one colleague who comes, the form taken over whole."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from crm.foundation import SYSTEM, Actor, Conflict, EventRow, NotFound, UnitOfWork, Units
from crm.intake import (
    Typed,
    answer_help,
    ask_help,
    draft_shown,
    drafts_of,
    end_help,
    help_waiting,
    keep_draft,
    one_help,
    take_over,
    who_may_come,
)
from crm.staff import Agent, actor_of
from tests import given


@dataclass(frozen=True)
class Centre:
    asks: Actor
    comes: Actor
    boss: Actor
    desk: Actor


def _someone(uow: UnitOfWork, role: str, **where: str) -> Actor:
    email = given.agent(uow, role, **where)
    found = actor_of(uow.session, uow.session.scalars(sa.select(Agent.id).where(Agent.email == email)).one())
    assert found is not None
    return found


@pytest.fixture
def centre(units: Units) -> Centre:
    with units.begin(SYSTEM) as uow:
        given.commune(uow)
        roles = ("advisor", "advisor", "supervisor")
        return Centre(*(_someone(uow, role) for role in roles), _someone(uow, "desk_agent", insee=given.TOWN))


def _asked(units: Units, centre: Centre) -> int:
    with units.begin(centre.asks) as uow:
        keep_draft(uow, Typed(key="2026-000001-11", fields={"object": ["Il crie au téléphone"]}, tab="t"))
        return ask_help(uow, "2026-000001-11")


def test_the_centre_sees_it_and_reads_the_form_nobody_else(units: Units, centre: Centre) -> None:
    help_id = _asked(units, centre)
    with units.begin(SYSTEM) as uow:
        assert {centre.comes.id, centre.boss.id} <= set(who_may_come(uow.session))
        for who in (centre.comes, centre.boss, centre.asks):
            assert [card.id for card in help_waiting(uow.session, who, uow.now)] == [help_id]
            card = one_help(uow.session, who, help_id)
            assert draft_shown(uow.session, card).field("object") == "Il crie au téléphone"  # type: ignore[union-attr]
        assert help_waiting(uow.session, centre.desk, uow.now) == []
        with pytest.raises(NotFound):
            one_help(uow.session, centre.desk, help_id)


def test_asked_twice_it_is_one_call(units: Units, centre: Centre) -> None:
    assert _asked(units, centre) == _asked(units, centre)


def test_one_colleague_comes_and_the_others_are_told_so(units: Units, centre: Centre) -> None:
    help_id = _asked(units, centre)
    with units.begin(centre.comes) as uow:
        answer_help(uow, help_id)
    with units.begin(centre.boss) as uow, pytest.raises(Conflict):
        answer_help(uow, help_id)
    with units.begin(centre.desk) as uow, pytest.raises(NotFound):
        answer_help(uow, help_id)
    with units.begin(centre.asks) as uow:
        assert one_help(uow.session, centre.asks, help_id).answered_by_id == centre.comes.id
        end_help(uow, help_id)
        assert help_waiting(uow.session, centre.asks, uow.now) == []


def test_the_form_goes_whole_to_who_takes_over(units: Units, centre: Centre) -> None:
    help_id = _asked(units, centre)
    with units.begin(centre.comes) as uow:
        draft_id = take_over(uow, help_id)
        (mine,) = drafts_of(uow.session, centre.comes.id or 0)
        assert (mine.id, mine.field("object")) == (draft_id, "Il crie au téléphone")
        assert drafts_of(uow.session, centre.asks.id or 0) == []
    with units.begin(centre.boss) as uow, pytest.raises(Conflict):
        take_over(uow, help_id)
    with units.begin(SYSTEM) as uow:
        kinds = sa.select(EventRow.kind).where(EventRow.subject_kind == "help").order_by(EventRow.id)
        assert list(uow.session.scalars(kinds)) == ["help.asked", "help.answered", "help.took_over"]


def test_nothing_to_take_over_before_a_word_is_typed(units: Units, centre: Centre) -> None:
    with units.begin(centre.asks) as uow:
        help_id = ask_help(uow)
    with units.begin(centre.comes) as uow, pytest.raises(NotFound):
        take_over(uow, help_id)
