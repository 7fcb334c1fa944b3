"""« Hors cadre »: said in a line, never refused, looked at by a colleague, turned into a rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import CaseState, look_at_step, looks_asked, make_rule, off_script_between, step_out
from crm.foundation import SYSTEM, Conflict, EventRow, Invalid, NotAllowed, NotFound, UnitOfWork, Units
from tests import given
from tests.given import NEIGHBOUR, Town

BIN = {"kind": "means", "words": "Bac provisoire porté ce soir.", "motive": "Neuf enfants, bac volé."}


def _month(uow: UnitOfWork) -> list[str]:
    since, until = uow.now - timedelta(days=1), uow.now + timedelta(days=1)
    return [step.words for step in off_script_between(uow.session, uow.actor, since, until)]


@pytest.mark.parametrize("state", list(CaseState))
def test_whatever_the_state_nothing_refuses_it(uow: UnitOfWork, town: Town, state: CaseState) -> None:
    reference = given.open_case(uow, town.book, state)
    assert step_out(uow, reference, **BIN)
    assert _month(uow) == ["Bac provisoire porté ce soir.\n\nNeuf enfants, bac volé."]
    uow.write_events()
    fact = uow.session.scalars(sa.select(EventRow).where(EventRow.kind == "case.stepped_out")).one()
    assert fact.data["outside"] == "means" and "enfants" not in str(fact.data)


@pytest.mark.parametrize("missing", ["kind", "words", "motive"])
def test_only_silence_is_refused(uow: UnitOfWork, town: Town, missing: str) -> None:
    with pytest.raises(Invalid) as refusal:
        step_out(uow, given.open_case(uow, town.book), **{**BIN, missing: " "})
    assert list(refusal.value.fields) == [missing]


def test_a_colleagues_eye_is_asked_and_given_once(units: Units) -> None:
    author, colleague = given.actor("advisor", id=71), given.actor("advisor", id=72)
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        reference = given.open_case(setting, town.book)
    with units.begin(author) as uow:
        step = step_out(uow, reference, **BIN, look=True)
        assert looks_asked(uow.session, author) == []  # not one's own
        with pytest.raises(Conflict):
            look_at_step(uow, step, "Bien.")
    with units.begin(given.actor("desk_agent", insee=NEIGHBOUR, id=73)) as uow:
        assert looks_asked(uow.session, uow.actor) == []
        with pytest.raises(NotFound):
            look_at_step(uow, step, "Bien.")
    with units.begin(colleague) as uow:
        assert [one.id for one in looks_asked(uow.session, colleague)] == [step]
        look_at_step(uow, step, "Tu as bien fait.")
        with pytest.raises(Conflict):
            look_at_step(uow, step, "Encore.")
        assert looks_asked(uow.session, colleague) == []


def test_a_supervisor_makes_a_rule_of_what_comes_back(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        steps = [step_out(setting, given.open_case(setting, town.book), **BIN) for _ in range(3)]
    with units.begin(given.actor("advisor", id=71)) as uow, pytest.raises(NotAllowed):
        make_rule(uow, steps, "Bac provisoire sous 24 h.")
    with units.begin(given.actor("supervisor", id=70)) as uow:
        for chosen, rule in (([], "Règle"), (steps, " ")):
            with pytest.raises(Invalid):
                make_rule(uow, chosen, rule)
        assert make_rule(uow, steps[:2], "Bac provisoire sous 24 h.") == 2
        month = off_script_between(
            uow.session, uow.actor, uow.now - timedelta(days=1), uow.now + timedelta(days=1)
        )
        assert sorted(step.rule for step in month) == ["", *["Bac provisoire sous 24 h."] * 2]
