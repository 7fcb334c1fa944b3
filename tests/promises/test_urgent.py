"""T05: somebody may be hurt. Who is on call is told by two means, says « pris en charge », or others are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.cases import Correction, edit_case, one_case
from crm.foundation import SYSTEM, Conflict, Delivery, Invalid, NotAllowed, NotFound, Settings
from crm.interactions import Interaction
from crm.promises import call_out, escalate_calls, plan_shift, shifts, take_urgent, withdraw_shift
from crm.promises.models import OnCallShift
from crm.trail import sentence, timeline
from tests import given
from tests.promises.house import Promised, paris

CENTRE = Settings().centre


@pytest.fixture
def urgent(promised: Promised) -> str:
    """A Saturday night; raised to priority 1."""
    promised.at("2026-09-19 23:00")
    reference = promised.open()
    promised.raise_to_urgent(reference)
    return reference


def plan(promised: Promised, who: str = "field", **told: object) -> None:
    usual = {
        "agent_id": promised.leads[who],
        "phone": "06 39 98 00 12",
        "starts_at": paris("2026-09-18 18:00"),
        "ends_at": paris("2026-09-21 08:00"),
    }
    with promised.units.begin(given.actor("team_lead", unit=promised.town.roads)) as uow:
        plan_shift(uow, promised.town.roads, **{**usual, **told})  # type: ignore[arg-type]


def test_whoever_is_called_for_a_unit_has_no_say_in_who_is_called_next(promised: Promised) -> None:
    promised.at("2026-09-18 12:00")
    plan(promised)
    lent = replace(
        given.actor("team_lead", unit=promised.town.roads), stands_by=frozenset({promised.town.roads})
    )
    with promised.units.begin(lent) as uow:
        assert shifts(uow.session, lent, uow.now) == []
        with pytest.raises(NotFound):
            withdraw_shift(uow, uow.session.scalars(sa.select(OnCallShift.id)).one())
        with pytest.raises(NotFound):
            plan_shift(
                uow,
                promised.town.roads,
                agent_id=promised.leads["field"],
                phone="",
                starts_at=paris("2026-09-21 08:00"),
                ends_at=paris("2026-09-22 08:00"),
            )


def call(promised: Promised, reference: str, *, by_sms: bool = True) -> list[int]:
    with promised.units.begin(SYSTEM) as uow:
        return call_out(uow, CENTRE, promised.id_of(reference), by_sms=by_sms)


def escalate(promised: Promised) -> list[int]:
    with promised.units.begin(SYSTEM) as uow:
        return escalate_calls(uow, CENTRE, by_sms=True)


def written(promised: Promised) -> list[tuple[str, str]]:
    with promised.units.reading() as session:
        rows = session.execute(
            sa.select(Interaction.channel, Interaction.recipient)
            .where(Interaction.kind == "on_call")
            .order_by(Interaction.id)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]


def test_an_emergency_leaves_a_call_to_make_and_an_ordinary_demand_none(
    promised: Promised, urgent: str
) -> None:
    def jobs() -> list[str]:
        with promised.units.reading() as session:
            return list(session.scalars(sa.select(Delivery.job).where(Delivery.job == "call_out")))

    assert jobs() == ["call_out"]
    promised.open()
    assert jobs() == ["call_out"]


def test_a_demand_corrected_to_an_emergency_calls_once_too(promised: Promised) -> None:
    def correct(priority: int) -> None:
        with promised.units.begin(SYSTEM) as uow:
            seen = one_case(uow.session, SYSTEM, reference).version
            correction = Correction(priority=priority)
            edit_case(uow, promised.town.book, reference, correction=correction, seen_version=seen)

    reference = promised.open()
    correct(2)
    correct(1)
    with promised.units.reading() as session:
        asked = sa.select(sa.func.count()).where(Delivery.job == "call_out")
        assert session.scalars(asked).one() == 1


def test_who_is_on_call_is_told_in_the_console_and_by_sms(promised: Promised, urgent: str) -> None:
    plan(promised)
    assert call(promised, urgent) == [promised.leads["field"]]
    assert promised.told() == [("urgent_called", promised.leads["field"])]
    assert written(promised) == [("sms", "+33639980012")]
    assert call(promised, urgent) == []  # a killed worker begins again: nobody is called twice
    assert len(written(promised)) == 1


def test_without_a_number_or_a_gateway_it_is_an_e_mail(promised: Promised, urgent: str) -> None:
    plan(promised, phone="")
    call(promised, urgent)
    assert [channel for channel, _to in written(promised)] == ["email"]


def test_without_anybody_on_call_who_leads_the_unit_is_called(promised: Promised, urgent: str) -> None:
    plan(promised, starts_at=paris("2026-09-25 18:00"), ends_at=paris("2026-09-28 08:00"))
    assert call(promised, urgent) == [promised.leads["lead"]]


def test_taken_in_half_an_hour_nobody_else_is_called(promised: Promised, urgent: str) -> None:
    plan(promised)
    call(promised, urgent)
    promised.later(minutes=12)
    on_call = given.actor("field_agent", unit=promised.town.roads, id=promised.leads["field"])
    with promised.units.begin(on_call) as uow:
        take_urgent(uow, urgent)
    promised.later(minutes=30)
    assert escalate(promised) == []
    promised.follow()
    assert promised.clocks(urgent)["acceptance"].met_at == paris("2026-09-19 23:12")
    assert promised.unread() == 0  # it calls no one from the bell any more
    with pytest.raises(Conflict), promised.units.begin(on_call) as uow:
        take_urgent(uow, urgent)


def test_the_usual_button_counts_as_well(promised: Promised, urgent: str) -> None:
    call(promised, urgent)
    promised.act(urgent, "accept")
    promised.later(minutes=31)
    assert escalate(promised) == []


def test_at_thirty_minutes_the_supervisors_are_told_by_two_means_once(
    promised: Promised, urgent: str
) -> None:
    plan(promised)
    call(promised, urgent)
    promised.later(minutes=29)
    assert escalate(promised) == []
    promised.later(minutes=1)
    supervisor = promised.leads["supervisor"]
    assert escalate(promised) == [supervisor]
    assert promised.told()[-1] == ("urgent_escalated", supervisor)
    assert [channel for channel, _to in written(promised)] == ["sms", "email"]
    assert escalate(promised) == []


def test_a_stranger_to_the_case_cannot_take_it(promised: Promised, urgent: str) -> None:
    call(promised, urgent)
    other = given.actor("field_agent", unit=promised.town.lighting)
    with pytest.raises(NotFound), promised.units.begin(other) as uow:
        take_urgent(uow, urgent)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"ends_at": paris("2026-09-18 17:00")}, "ends_at"),
        ({"ends_at": paris("2026-09-18 18:00") + timedelta(days=40)}, "ends_at"),
        ({"phone": "appelez-moi"}, "phone"),
        ({"agent_id": 0}, "agent_id"),
        ({"weeks": 99}, "weeks"),
    ],
)
def test_a_shift_that_means_nothing_is_refused(
    promised: Promised, told: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        plan(promised, **told)
    assert list(refused.value.fields) == [field]


def test_a_weekly_shift_keeps_its_hour_when_clocks_change(promised: Promised) -> None:
    starts, ends = paris("2026-10-23 18:00"), paris("2026-10-24 08:00")
    plan(promised, starts_at=starts, ends_at=ends, weeks=2)
    with promised.units.reading() as session:
        lines = shifts(session, given.actor("supervisor"), promised.clock.now())
    assert [line.starts_at for line in lines] == [starts, paris("2026-10-30 18:00")]


def test_a_unit_plans_its_own_on_call_and_no_other(promised: Promised) -> None:
    plan(promised)
    with promised.units.reading() as session:
        mine = shifts(session, given.actor("team_lead", unit=promised.town.roads), promised.clock.now())
        theirs = shifts(session, given.actor("team_lead", unit=promised.town.lighting), promised.clock.now())
    assert (len(mine), theirs) == (1, [])
    other = given.actor("team_lead", unit=promised.town.lighting)
    with pytest.raises((NotAllowed, NotFound)), promised.units.begin(other) as uow:
        withdraw_shift(uow, mine[0].id)


@pytest.mark.parametrize(("planned", "whom"), [(True, "on_call"), (False, "lead")])
def test_the_trail_says_who_was_called(promised: Promised, urgent: str, *, planned: bool, whom: str) -> None:
    if planned:
        plan(promised)
    call(promised, urgent)
    with promised.units.reading() as session:
        (fact,) = [
            one for one in timeline(session, "case", promised.id_of(urgent)) if one.kind == "urgent.called"
        ]
    assert fact.data["whom"] == whom
    said = sentence(fact, lambda _fact, _hole, value: str(value), str)
    assert said == f"Mise en sécurité signalée par deux moyens : {whom}."
