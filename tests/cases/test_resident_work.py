"""What the usager does with their own case."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState, add_precision, contest_case
from crm.foundation import RESIDENT, SYSTEM, EventRow, IllegalStep, Invalid, UnitOfWork, Units
from crm.interactions import exchanges
from crm.staff import close_unit
from tests import given
from tests.given import Town


def _kinds(uow: UnitOfWork) -> list[str]:
    uow.write_events()
    return list(uow.session.scalars(sa.select(EventRow.kind).order_by(EventRow.id)))


def test_answering_our_question_lets_the_work_go_on(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        reference = given.open_case(setting, town.book, CaseState.WAITING_REQUESTER)
    with units.begin(RESIDENT) as uow:
        case = add_precision(uow, reference, "C’est au 14.")
        assert case.state == CaseState.ASSIGNED  # asked before anybody had taken it
        assert exchanges(uow.session, case.id)[-1].body == "C’est au 14."
        assert _kinds(uow)[-1] == "case.replied"


def test_the_agent_who_took_it_keeps_it_when_the_usager_answers(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        reference = given.open_case(setting, town.book)
    with units.begin(given.actor("team_lead", unit=town.roads, id=7)) as uow:
        for verb in ("accept", "ask"):
            given.act(uow, town.book, reference, verb)
    with units.begin(RESIDENT) as uow:
        assert add_precision(uow, reference, "Au 14.").state == CaseState.IN_PROGRESS


@pytest.mark.parametrize("state", [CaseState.REGISTERED, CaseState.SCHEDULED, CaseState.RESOLVED])
def test_a_precision_moves_nothing_when_we_wait_for_nobody(
    uow: UnitOfWork, town: Town, state: CaseState
) -> None:
    reference = given.open_case(uow, town.book, state)
    assert add_precision(uow, reference, "Il y en a deux.").state == state
    assert _kinds(uow)[-1] == "case.precised"


@pytest.mark.parametrize("state", [CaseState.CLOSED, CaseState.CANCELLED])
def test_an_ended_case_takes_no_precision(uow: UnitOfWork, town: Town, state: CaseState) -> None:
    reference = given.open_case(uow, town.book, state)
    with pytest.raises(IllegalStep):
        add_precision(uow, reference, "Encore un trou.")


def test_an_empty_precision_is_refused(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book)
    with pytest.raises(Invalid):
        add_precision(uow, reference, " \u202e\x00 ")


def test_saying_twice_that_it_is_not_done_opens_it_once(units: Units) -> None:
    with units.begin(SYSTEM) as setting:
        town = given.town(setting)
        reference = given.open_case(setting, town.book, CaseState.CLOSED)
        announced = setting.session.scalars(sa.select(Case.announced_due_at)).one()
    with units.begin(RESIDENT) as uow:
        contest_case(uow, town.book, reference, "Le trou est toujours là.")
    with units.begin(RESIDENT) as uow:
        case = contest_case(uow, town.book, reference)
        assert (case.state, case.reopen_count, case.unit_id) == (CaseState.ASSIGNED, 1, town.roads)
        assert (case.announced_due_at, case.contested_at) == (announced, uow.now)
        assert _kinds(uow).count("case.reopened") == 1


@pytest.mark.parametrize("state", [CaseState.RESOLVED, CaseState.CLOSED])
def test_what_comes_back_where_nobody_works_any_more_is_to_be_qualified(
    uow: UnitOfWork, town: Town, state: CaseState
) -> None:
    reference = given.open_case(uow, town.book, state)
    close_unit(uow, town.roads, heir_id=None, motive="Réorganisation")
    case = contest_case(uow, town.book, reference)
    uow.session.flush()
    assert (case.state, case.unit_id, case.responsible_insee) == (CaseState.REGISTERED, None, None)


def test_contesting_works_from_the_answer_to_come_and_not_from_a_cancelled_case(
    uow: UnitOfWork, town: Town
) -> None:
    resolved = given.open_case(uow, town.book, CaseState.RESOLVED)
    assert contest_case(uow, town.book, resolved).state == CaseState.ASSIGNED
    cancelled = given.open_case(uow, town.book, CaseState.CANCELLED)
    with pytest.raises(IllegalStep):
        contest_case(uow, town.book, cancelled)


@pytest.mark.parametrize(
    "statement", ["UPDATE events SET kind = 'x'", "DELETE FROM events", "TRUNCATE events CASCADE"]
)
def test_postgresql_itself_refuses_to_rewrite_what_happened(
    uow: UnitOfWork, town: Town, statement: str
) -> None:
    given.open_case(uow, town.book)
    uow.write_events()
    with pytest.raises(sa.exc.ProgrammingError, match="append-only"), uow.session.begin_nested():
        uow.session.execute(sa.text(statement))


def test_what_is_added_when_contesting_twice_is_not_lost(uow: UnitOfWork, town: Town) -> None:
    reference = given.open_case(uow, town.book, CaseState.CLOSED)
    for words in ("", "Il manque une planche", "Il manque une planche"):
        case = contest_case(uow, town.book, reference, words)
    assert [m.body for m in exchanges(uow.session, case.id) if m.kind == "precision"] == [
        "Il manque une planche"
    ]
    assert case.reopen_count == 1
