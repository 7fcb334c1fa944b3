"""Of what few may read, the bell, the texts on a telephone and the mails tell those few alone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.cases import Restriction, restrict_case
from crm.foundation import SYSTEM, Settings
from crm.interactions import Interaction
from crm.promises import call_out, mail_notices, notices_page, plan_shift
from tests import given
from tests.promises.house import Promised, agent_id, paris

CENTRE = Settings().centre


@pytest.fixture
def concerned(promised: Promised) -> int:
    """A second supervisor, of whom the case speaks."""
    with promised.units.begin(SYSTEM) as uow:
        return agent_id(uow, given.agent(uow, "supervisor"))


def _restrict(promised: Promised, reference: str, *concerned: int) -> None:
    told = Restriction(reason="about_agent", motive="Plainte.", concerned_agent_ids=concerned)
    with promised.units.begin(given.actor("supervisor", id=promised.leads["supervisor"])) as uow:
        restrict_case(uow, reference, told)


def _mail(promised: Promised, agent: int) -> str:
    with promised.units.begin(SYSTEM) as uow:
        mail_notices(uow, CENTRE, agent)
    with promised.units.reading() as session:
        return "".join(session.scalars(sa.select(Interaction.body).where(Interaction.kind == "notices")))


def test_reminders_reach_readers_alone_and_are_not_lost(promised: Promised, concerned: int) -> None:
    reference = promised.open()
    promised.act(reference, "accept")
    promised.follow()
    _restrict(promised, reference, concerned)
    for moment in ("2026-09-18 17:00", "2026-09-22 18:00", "2026-09-25 18:00"):
        promised.at(moment)
        promised.remind()
    told = promised.told()
    assert {who for _kind, who in told} == {promised.leads["supervisor"]}  # nor the lead, nor who it is about
    kinds = [kind for kind, _who in told if kind.startswith("resolution")]
    assert kinds == ["resolution_half", "resolution_due", "resolution_overdue"]


def test_who_is_on_call_and_may_not_read_it_gets_no_text(promised: Promised, concerned: int) -> None:
    promised.at("2026-09-19 23:00")
    reference = promised.open(object="Un agent m’a frappé")
    _restrict(promised, reference, concerned)
    with promised.units.begin(given.actor("team_lead", unit=promised.town.roads)) as uow:
        shift = {"phone": "06 39 98 00 12", "starts_at": paris("2026-09-18 18:00")}
        ends = paris("2026-09-21 08:00")
        plan_shift(uow, promised.town.roads, agent_id=promised.leads["field"], ends_at=ends, **shift)  # type: ignore[arg-type]
    with promised.units.begin(SYSTEM) as uow:
        told = call_out(uow, CENTRE, promised.id_of(reference), by_sms=True)
    assert told == [promised.leads["supervisor"]]
    with promised.units.reading() as session:
        texts = session.execute(sa.select(Interaction.channel).where(Interaction.kind == "on_call"))
        assert texts.scalars().all() == ["email"]  # to the supervisor; nothing on the telephone on call


def test_told_before_it_was_restricted_neither_bell_nor_mail_names_it_after(
    promised: Promised, concerned: int
) -> None:
    reference = promised.open()
    promised.act(reference, "accept")
    promised.follow()
    promised.at("2026-09-18 17:00")
    promised.remind()
    lead = promised.leads["lead"]
    assert promised.told() == [("resolution_half", lead)]
    _restrict(promised, reference, concerned)
    actor = given.actor("team_lead", unit=promised.town.roads, id=lead)
    with promised.units.reading() as session:
        (line,) = notices_page(session, actor)
    assert (line.reference, line.place_label, line.category_code) == (None, "", None)
    assert reference not in _mail(promised, lead)
