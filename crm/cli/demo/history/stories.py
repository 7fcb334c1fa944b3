"""What becomes of a demand: entrusted, accepted, asked about, done, answered, contested; cut at now."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from crm.cases import CaseState
from crm.cli.demo.history.calendar import Office
from crm.cli.demo.history.demands import Demands
from crm.cli.demo.history.life import Life
from crm.cli.demo.history.words import report_of, some
from crm.foundation import PARIS

_LATE = 0.14
_REOPENED = 0.045
_HOUR = timedelta(hours=1)


class Teller:
    """Tells lives up to `now`: an answer that would come later is not begun. The stock of demands that wait
    for somebody is told by `present`, one at a time."""

    def __init__(self, demands: Demands, office: Office, now: datetime) -> None:
        self._demands = demands
        self._cast = demands.cast
        self._book = demands.judge.book
        self._office = office
        self._now = now

    def tell(self, chance: Random, life: Life) -> Life:
        """The whole life, as usual."""
        self.begin(life)
        if life.state is CaseState.CLOSED:
            return life
        at = self._to_a_unit(chance, life, life.start.created_at)
        at = self._start_work(chance, life, at)
        if at < self._now:
            self._finish(chance, life, at)
        return life

    def begin(self, life: Life) -> None:
        unit = self._book.units.get(life.found.decision.unit_id or 0)
        life.open(unit.insee if unit else None)
        due = life.found.due_at.astimezone(PARIS)
        if life.start.created_at + timedelta(minutes=5) < self._now:
            life.acknowledge(life.start.created_at + timedelta(minutes=1), f"{due:%d/%m/%Y}")

    def _after(self, chance: Random, at: datetime, shortest: float, longest: float) -> datetime:
        return self._office.after(chance, at, chance.uniform(shortest, longest) * _HOUR)

    def _to_a_unit(self, chance: Random, life: Life, at: datetime) -> datetime:
        """Nobody by the rules: an advisor entrusts somebody. A few are sent back first."""
        if life.unit_id is not None and chance.random() < 0.03:
            back_at = self._after(chance, at, 1, 8)
            if back_at + 6 * _HOUR < self._now:
                reason = chance.choice(("wrong_unit", "wrong_place", "wrong_category"))
                life.bounce(back_at, self._cast.crew(chance, life.unit_id), reason, some(chance, "bounces"))
                at = back_at
        if life.unit_id is None:
            at = min(self._after(chance, at, 0.5, 5), max(at, self._now - timedelta(minutes=3)))
            self.route(chance, life, at)
        return at

    def route(self, chance: Random, life: Life, at: datetime) -> None:
        units = self._cast.unit_ids
        insee = life.start.said.place.insee
        by_domain = {"VOIR": "voirie-est", "ECLA": "eclairage-est", "VIE": "relation-usagers"}
        domain = (life.start.said.category_code or "").partition("-")[0]
        town_hall = units.get(f"mairie-{insee}")
        unit_id = units.get(by_domain.get(domain, "")) or town_hall or units["relation-usagers"]
        unit = self._book.units.get(unit_id)
        motive = some(chance, "routings")
        life.route(at, self._cast.advisor(chance), unit_id, unit.insee if unit else None, motive)

    def _start_work(self, chance: Random, life: Life, at: datetime) -> datetime:
        urgent = life.found.priority == 1
        at = at + chance.uniform(0.1, 0.6) * _HOUR if urgent else self._after(chance, at, 0.5, 12)
        if at >= self._now:
            return at
        crew = self._cast.crew(chance, life.unit_id or 0)
        life.accept(at, crew)
        drawn = chance.random()
        if drawn < 0.05 and life.start.answer_channel in {"email", "letter"}:
            return self._question(chance, life, at)
        if drawn < 0.08 and not urgent:
            return self._partner(chance, life, at)
        if drawn < 0.35 and (life.found.due_at - at).days >= 4:
            days = chance.randrange(1, 1 + min(10, (life.found.due_at - at).days))
            life.plan(at + timedelta(minutes=5), crew, self._office.next_days(at.date(), days))
        return at

    def _question(self, chance: Random, life: Life, at: datetime) -> datetime:
        asked_at, replied_at = at + _HOUR / 4, at + chance.uniform(3, 70) * _HOUR
        if replied_at < self._now:
            life.ask(asked_at, self._cast.crew(chance, life.unit_id or 0), some(chance, "questions"))
            life.reply(replied_at, some(chance, "precisions"))
            return replied_at
        return at

    def _partner(self, chance: Random, life: Life, at: datetime) -> datetime:
        crew = self._cast.crew(chance, life.unit_id or 0)
        resumed_at = self._after(chance, at, 20, 120)
        if resumed_at < self._now:
            life.await_partner(at + _HOUR / 3, crew, some(chance, "partners"))
            life.resume(resumed_at, crew)
            return resumed_at
        return at

    def _finish(self, chance: Random, life: Life, at: datetime) -> None:
        """Done, then answered; neither when the answer would come after now."""
        given = life.columns["due_at"] - life.start.said.received_at
        share = chance.uniform(1.05, 2.2) if chance.random() < _LATE else chance.uniform(0.08, 0.7)
        urgent = life.found.priority == 1
        done_at = max(at + _HOUR / 2, life.start.said.received_at + given * share)
        done_at = done_at if urgent else self._office.after(chance, done_at, timedelta())
        answered_at = done_at + _HOUR / 2 if urgent else self._after(chance, done_at, 0.3, 9)
        if answered_at >= self._now:
            return
        outcome = self.outcome(chance, life)
        report = report_of(chance, outcome)
        day = self._office.next_days(done_at.date(), chance.randrange(5, 25)) if outcome == "P" else None
        life.resolve(done_at, self._cast.crew(chance, life.unit_id or 0), outcome, report, day)
        life.close(answered_at, self._cast.advisor(chance), outcome, report)
        if life.columns["reopen_count"] == 0 and chance.random() < _REOPENED and life.start.person:
            self._again(chance, life, answered_at)

    def outcome(self, chance: Random, life: Life) -> str:
        category = life.found.category
        own = [code for code in (category.outcomes if category else ("F",)) if code != "FT"] or ["F"]
        weights = [6.0, *([1.2] * (len(own) - 1))]
        if life.start.is_twin and chance.random() < 0.6:
            return "D"
        return "NC" if chance.random() < 0.03 else chance.choices(own, weights)[0]

    def _again(self, chance: Random, life: Life, closed_at: datetime) -> None:
        """« Ce n’est pas fait »: worked on and answered a second time."""
        contested_at = closed_at + chance.uniform(6, 200) * _HOUR
        again_at = self._after(chance, contested_at, 1, 10)
        delay = max(timedelta(days=2), life.found.due_at - life.start.said.received_at)
        if contested_at + 3 * delay + timedelta(days=6) >= self._now:
            return
        life.contest(contested_at, contested_at + delay, some(chance, "contests"))
        crew = self._cast.crew(chance, life.unit_id or 0)
        life.accept(again_at, crew)
        report = report_of(chance, "F")
        done_at = self._after(chance, again_at, 4, 60)
        life.resolve(done_at, crew, "F", report)
        life.close(self._after(chance, done_at, 0.5, 8), self._cast.advisor(chance), "F", report)
