"""Promises by the clock: clocks follow facts, reminders are given, emergencies escalated, mails gathered.

Each round is a transaction of its own: whatever dies in the middle, nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from crm.cases import announce_delay, case_by_id, tracked_case
from crm.foundation import PARIS, SYSTEM, CrmError, UnitOfWork
from crm.http.consoles import tell_console
from crm.notifications import compose_delay, decided_by_silence, may_leave
from crm.promises import (
    A_ROUND,
    CaseFacts,
    Hold,
    Reckoning,
    adapted_by,
    agents_holding,
    agents_to_mail,
    bring_planned_in,
    escalate_calls,
    follow_facts,
    give_reminders,
    mail_notices,
    reckon_round,
    reckoning,
    take_up,
    tell_once,
    warn_of_decisions,
    warn_of_late_orders,
    warn_of_missed_calls,
    warn_of_nobody,
)
from crm.wiring import Wiring

_MOST_ROUNDS = 20  # in one go: other tasks wait their turn
HOLDING_MOTIVE = "Le service a besoin de plus de temps pour traiter votre demande."


def bring_calendars_in(wired: Wiring) -> None:
    """Calendars published for a day that has come are gone by; the clocks that run follow behind."""
    with wired.units.begin(SYSTEM) as uow:
        bring_planned_in(uow)


def keep_promises(wired: Wiring) -> None:
    """Derive again the clocks of what moved, then take up the open cases that have none."""
    for step in (follow_facts, take_up):
        for _round in range(_MOST_ROUNDS):
            with wired.units.begin(SYSTEM) as uow:
                many = step(uow, _reckoning(wired, uow))
            if many < A_ROUND:
                break


def reckon_left_behind(wired: Wiring) -> None:
    """A round begun before a calendar was published may end when all is reckoned: it wrote by the old."""
    for _round in range(_MOST_ROUNDS):
        with wired.units.begin(SYSTEM) as uow:
            left = reckon_round(uow, _reckoning(wired, uow))
        if not left:
            break


def remind(wired: Wiring) -> None:
    """Give the reminders whose hour has come; escalate the emergencies that nobody has taken."""
    for _round in range(_MOST_ROUNDS):
        with wired.units.begin(SYSTEM) as uow:
            done = give_reminders(uow, _reckoning(wired, uow), _holding(wired))
        ring(wired, done.agents)
        if not done.cases:
            break
    with wired.units.begin(SYSTEM) as uow:
        told = escalate_calls(uow, wired.settings.centre, by_sms="sms" in wired.channels)
    ring(wired, told)
    with wired.units.begin(SYSTEM) as uow:
        told = [*warn_of_nobody(uow, _reckoning(wired, uow)), *warn_of_missed_calls(uow)]
        told += [*warn_of_decisions(uow), *warn_of_late_orders(uow)]
    ring(wired, told)


def _reckoning(wired: Wiring, uow: UnitOfWork) -> Reckoning:
    return reckoning(uow.session, adapted_by(wired.settings.promises))


def ring(wired: Wiring, agent_ids: Iterable[int]) -> None:
    """To the open pages of those who were told something; what they show they ask for."""
    for agent_id in agent_ids:
        tell_console(wired.redis, agent_id, {"notice": 1})


def mail_unread(wired: Wiring) -> None:
    with wired.units.reading() as session:
        due = agents_to_mail(session, wired.clock.now())
    for agent_id in due:
        with wired.units.begin(SYSTEM) as uow:
            mail_notices(uow, wired.settings.centre, agent_id)


def warn_of_silence(wired: Wiring) -> None:
    """Fifteen days before our silence decides, the supervisors are told, once for each demand."""
    catalogue, _index = wired.rulebooks.categories()
    with wired.units.begin(SYSTEM) as uow:
        whom = agents_holding(uow.session, "supervisor")
        told: set[int] = set()
        for line in decided_by_silence(uow.session, SYSTEM, catalogue.categories.values(), uow.now):
            is_to_come = line.decides_on >= uow.now.astimezone(PARIS).date()
            if is_to_come and (case := tracked_case(uow.session, line.reference)):
                told |= set(tell_once(uow, whom, "silence_nears", case.id))
    ring(wired, told)


def _holding(wired: Wiring) -> Hold | None:
    """Tells the usager by ourselves, where the centre chose so; else an agent is asked to."""
    if wired.settings.promises.holding != "automatic":
        return None
    return _holder(wired)


def _holder(wired: Wiring) -> Callable[[UnitOfWork, CaseFacts], bool]:
    def hold(uow: UnitOfWork, facts: CaseFacts) -> bool:
        """A date is held back once: the reminder that asks for it is given once."""
        case = case_by_id(uow.session, facts.case_id)
        if not may_leave(case, "delay"):
            return False
        calendar, days = wired.rulebooks.calendar(), wired.settings.promises.holding_days
        later = calendar.due_at(max(case.due_at, uow.now), days, "working_day", _UNHURRIED)
        due_on = calendar.day_of(later)
        message = compose_delay(
            uow.session, wired.settings.centre, case, motive=HOLDING_MOTIVE, due_on=due_on, now=uow.now
        )
        if message is None:
            return False
        try:
            announce_delay(
                uow,
                case.reference,
                due_on=due_on,
                motive=HOLDING_MOTIVE,
                message=message,
                seen_version=case.version,
            )
        except CrmError:
            return False
        return True

    return hold


_UNHURRIED = 4
