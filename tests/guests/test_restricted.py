"""Few read a case from now on: what was sent outside before opens nothing, but for who goes on reading it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.cases import CaseState, Restriction, restrict_case
from crm.foundation import NotFound, UnitOfWork
from crm.guests import Answer, GuestSheet, Standing, ask_opinion, close_links, one_link, send_work
from crm.staff import Unit
from tests import given
from tests.given import Town
from tests.guests.outside import answers, asking, referred


@pytest.fixture
def work(uow: UnitOfWork, town: Town) -> GuestSheet:
    """Of a contractor, on the case entrusted to it."""
    contractor = (
        sa.update(Unit).where(Unit.id == town.roads).values(operation="contractor", email="c@routes.example")
    )
    uow.session.execute(contractor)
    reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
    return one_link(uow.session, send_work(uow, reference, asking(uow, unit_id=town.roads)))


def _restrict(uow: UnitOfWork, link: GuestSheet, **told: object) -> list[str]:
    whole: dict[str, object] = {"reason": "grave", "motive": "Des coups.", **told}
    restrict_case(uow, link.case.reference, Restriction(**whole))  # type: ignore[arg-type]
    return close_links(uow, link.case.reference)


def _opens(uow: UnitOfWork, link: GuestSheet) -> bool:
    uow.session.flush()
    return one_link(uow.session, link.id).standing(uow.now) is Standing.OPEN


def test_who_is_complained_about_can_neither_read_nor_answer_any_more(
    uow: UnitOfWork, town: Town, work: GuestSheet
) -> None:
    opinion = one_link(uow.session, ask_opinion(uow, work.case.reference, asking(uow)))
    about = {"reason": "about_agent", "concerned_unit_ids": [town.roads]}
    assert _restrict(uow, work, **about) == [work.organization]
    assert not _opens(uow, work) and not _opens(uow, opinion)
    with pytest.raises(NotFound):
        answers(uow, town, work, Answer.DONE)


def test_a_unit_that_goes_on_reading_it_keeps_its_link(uow: UnitOfWork, town: Town, work: GuestSheet) -> None:
    assert _restrict(uow, work, unit_ids=[town.roads]) == []
    assert _opens(uow, work)
    chosen = one_link(uow.session, ask_opinion(uow, work.case.reference, asking(uow)))
    assert _opens(uow, chosen), "who reads it may still show an extract"


def test_whoever_is_competent_keeps_theirs_unless_it_speaks_of_them(uow: UnitOfWork, town: Town) -> None:
    kept, lost = (referred(uow, town, unit_id=town.lighting) for _ in range(2))
    assert _restrict(uow, kept) == [] and _opens(uow, kept)
    assert _restrict(uow, lost, concerned_unit_ids=[town.lighting]) == [lost.organization]
    assert not _opens(uow, lost)
