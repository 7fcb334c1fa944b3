"""On our side: units that work on one demand, many callers, rounds, appointments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import islice

from crm.appointments import Meeting, Opening, book_appointment, free_slots, open_slots
from crm.cases import BounceReason, Following, Outcome, declare_incident, follow_case, one_case
from crm.cases.orders import (
    NewOrder,
    OrderPlan,
    OrderReport,
    accept_order,
    ask_order,
    finish_order,
    plan_order,
    send_back_order,
)
from crm.cases.rounds import NewRound, make_round
from crm.cli.demo.together.people import AT_WORK, Stage
from crm.foundation import PARIS, UnitOfWork
from crm.promises import plan_shift

_DONE = OrderReport(outcome=Outcome.DONE, text="Tranchée refermée, enrobé posé.", no_photo="Fait de nuit.")


def orders(stage: Stage) -> None:
    """One demand, several units: an order at each of its steps, on both sides."""
    lighting, roads, cleaning = stage.who("Samira"), stage.who("Paul"), stage.who("Chloé")
    led = stage.demands("eclairage-est", *AT_WORK, still=51)
    _ask(stage, led, "voirie-est", "Ouvrir la tranchée le long du mât, sur six mètres.", 0)
    taken = _ask(stage, led, "voirie-est", "Démonter la bordure devant l’armoire.", 5)
    stage.act(3, roads, accept_order, taken, 1, seen_version=1)
    dated = _ask(stage, led, "voirie-est", "Reboucher la fouille laissée par le câble.", 26)
    plan = OrderPlan(planned_on=stage.day(2), slot="morning", crew="Équipe 2")
    stage.act(20, roads, plan_order, dated, 1, plan=plan, seen_version=1)
    done = _ask(stage, led, "voirie-est", "Refermer la tranchée et refaire l’enrobé.", 50)
    stage.act(2, roads, finish_order, done, 1, report=_DONE, seen_version=1)
    back = _ask(stage, led, "proprete", "Enlever les gravats autour du mât.", 30)
    why = BounceReason.WRONG_PLACE
    words = "Rien à cette adresse."
    stage.act(4, cleaning, send_back_order, back, 1, reason=why, motive=words, seen_version=1)
    theirs = stage.demands("voirie-est", *AT_WORK, still=25)
    _ask(stage, theirs, "eclairage-est", "Couper l’alimentation du mât pendant les travaux.", 2)
    ready = _ask(stage, theirs, "eclairage-est", "Remettre le mât droit et vérifier la lampe.", 24)
    today = OrderPlan(planned_on=stage.day(0), agent_id=stage.id_of("Diego"))
    stage.act(6, lighting, plan_order, ready, 1, plan=today, seen_version=1)


def _ask(stage: Stage, led: Iterator[str], unit: str, work: str, hours_ago: float) -> str:
    """The reference of a demand that this is asked for; empty when none can have it."""

    def ask(uow: UnitOfWork, reference: str) -> int:
        new = NewOrder(key=f"demo-order-{reference}", unit_id=stage.unit(unit), work=work)
        return ask_order(uow, stage.book, reference, new)

    asked = stage.first(hours_ago, stage.who("Hélène"), led, ask)
    return asked[1] if asked else ""


def incidents(stage: Stage) -> None:
    """One declared, with what agents say; one that only its number makes suspect."""
    callers = iter(stage.usagers(14))
    known = _crowd(stage, "eclairage-est", islice(callers, 8))
    said = "Panne connue dans ce quartier : une équipe est sur place, retour prévu avant ce soir."
    until = stage.now + timedelta(hours=8)
    stage.act(0.3, stage.who("Hélène"), declare_incident, known, announcement=said, valid_until=until)
    _crowd(stage, "voirie-est", islice(callers, 5))


def _crowd(stage: Stage, unit: str, callers: Iterator[int]) -> str:
    reference = next(stage.demands(unit, *AT_WORK, again=True), "")
    for rank, contact_id in enumerate(callers):
        new = Following(
            key=f"demo-follow-{reference}-{rank}",
            channel=("phone", "web", "phone")[rank % 3],
            contact_id=contact_id,
            answer_channel="email",
            said="Moi aussi, depuis ce matin.",
        )
        stage.act((50 - rank) / 60, stage.who("Karim"), follow_case, reference, new)
    return reference


def rounds(stage: Stage) -> None:
    """The lighting's of today, with its agent; the roads' of the next working day, for whoever takes it."""
    for unit, lead, diego, days in (("eclairage-est", "Samira", True, 0), ("voirie-est", "Paul", False, 1)):
        stops = stage.demands(unit, "in_progress", "scheduled", again=True)
        new = NewRound(
            unit_id=stage.unit(unit),
            day=stage.day(days),
            stops=[(reference, None) for reference in islice(stops, 6)],
            agent_id=stage.id_of("Diego") if diego else None,
            name="Tournée du matin",
        )
        stage.act(1, stage.who(lead), make_round, new)


def on_call(stage: Stage) -> None:
    """Who is called for dangers, by night and on Sundays too: a week each, one after the other."""
    monday = stage.today - timedelta(days=stage.today.weekday())
    for rank, (name, phone) in enumerate((("Samira", "06 39 98 70 11"), ("Paul", "06 39 98 70 12"))):
        begins = datetime.combine(monday + timedelta(weeks=rank), time(), tzinfo=PARIS)
        stage.act(
            0,
            stage.who("Hélène"),
            plan_shift,
            stage.unit("astreinte"),
            agent_id=stage.id_of(name),
            phone=phone,
            starts_at=begins,
            ends_at=begins + timedelta(weeks=1),
        )


def appointments(stage: Stage) -> None:
    """Moments opened by a town hall; some taken."""
    desk = stage.who("Nadège")
    opening = Opening(
        key="demo-opening",
        meeting=Meeting.OFFICE,
        insee="99001",
        place="Mairie, guichet 2",
        first_on=stage.today,
        last_on=stage.today + timedelta(days=14),
        weekdays=frozenset(range(5)),
        begins=time(9),
        ends=time(11),
        minutes=30,
    )
    stage.act(0, desk, open_slots, opening, lambda day: not stage.book.calendar.is_working_day(day))
    for rank, reference in enumerate(islice(stage.demands(None, *AT_WORK, insee="99001"), 4)):
        slot = free_slots(stage.session, one_case(stage.session, desk, reference), stage.now)[rank * 2]
        stage.act(0, desk, book_appointment, reference, slot.id, key=f"demo-{reference}", said_aloud=True)
