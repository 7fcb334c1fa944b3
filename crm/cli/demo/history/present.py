"""The living mix of today: for each unit something new, late, due today, planned, waiting; for the centre,
answers to give, demands to qualify, letters to print, calls to make, residents who contest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import islice
from random import Random

from crm.cases.assessment import due_at
from crm.cli.demo.history.calendar import Office
from crm.cli.demo.history.demands import Demands
from crm.cli.demo.history.life import Life
from crm.cli.demo.history.people import Person
from crm.cli.demo.history.places import Door
from crm.cli.demo.history.stories import Teller
from crm.cli.demo.history.words import report_of, some
from crm.foundation import PARIS

_HOUR = timedelta(hours=1)
_CHANNELS = ("web", "phone", "web", "phone", "desk")
Examples = Mapping[int, Sequence[tuple[str, Door]]]
Tell = Callable[[Random, Life], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """A demand begun, and what is told of it once it has its reference."""

    life: Life
    tell: Tell


class Present:
    """
    Args:
        examples: by unit, subjects and doors that the rules do entrust to it.
    """

    def __init__(
        self, demands: Demands, teller: Teller, office: Office, people: Sequence[Person], now: datetime
    ) -> None:
        self._demands = demands
        self._teller = teller
        self._office = office
        self._now = now
        self._hours = lru_cache(maxsize=500)(self._hours_before)
        self._by_way = {
            way: [person for person in people if person.channels[:1] == (way,)]
            for way in ("email", "phone", "letter")
        }

    def scenes(self, chance: Random, examples: Examples) -> Iterator[Scene]:
        calm = {unit_id: self._calm(pairs) for unit_id, pairs in sorted(examples.items())}
        for rank, pairs in enumerate(calm.values()):
            yield from self._of_unit(chance, rank, pairs)
        kept = [pair for pairs in calm.values() for pair in pairs[:2]]
        yield from self._answers_to_give(chance, kept)
        yield from self._to_qualify(chance, kept)
        yield from self._routed(chance, kept, 3, 120, self._contested)
        for way, count in (("letter", 4), ("phone", 3)):
            yield from self._routed(chance, kept, count, 130, self._answer_waits, way=way)

    def _routed(
        self,
        chance: Random,
        kept: Sequence[tuple[str, Door]],
        count: int,
        hours: float,
        tell: Tell,
        way: str = "",
    ) -> Iterator[Scene]:
        """So many that a service took: the rules may decide otherwise than they did for the example."""
        tried = (self._at(chance, pair, hours, tell, way=way) for pair in chance.sample(kept, len(kept)))
        taken = (scene for scene in tried if scene.life.found.decision.kind == "route")
        yield from islice(taken, count)

    def _calm(self, pairs: Sequence[tuple[str, Door]]) -> Sequence[tuple[str, Door]]:
        """What is urgent goes to whoever is on duty at that hour, which is not always this unit."""
        categories = self._demands.judge.book.catalogue.categories
        return [pair for pair in pairs if categories[pair[0]].priority > 1] or pairs

    def _of_unit(self, chance: Random, rank: int, pairs: Sequence[tuple[str, Door]]) -> Iterator[Scene]:
        def pair() -> tuple[str, Door]:
            return chance.choice(pairs)

        yield self._at(chance, pair(), chance.uniform(0.3, 5), self._new)
        yield from self._due(chance, pairs, late=True)
        yield from self._due(chance, pairs, late=False)
        yield self._at(chance, pair(), chance.uniform(20, 90), self._planned)
        if rank % 2 == 0:
            yield self._at(
                chance, pair(), chance.uniform(26, 70), self._waiting_for_the_resident, way="email"
            )
            yield self._at(chance, pair(), chance.uniform(2, 20), self._in_progress)
        if rank % 3 == 0:
            yield self._at(chance, pair(), chance.uniform(50, 100), self._waiting_for_a_partner)

    def _at(
        self, chance: Random, pair: tuple[str, Door], hours: float, tell: Tell, *, way: str = ""
    ) -> Scene:
        code, door = pair
        received_at = self._in_the_day(self._now - hours * _HOUR)
        person = chance.choice(self._by_way[way]) if way else None
        channel = chance.choice(_CHANNELS)
        life = self._demands.begin(
            chance, code, channel, received_at, until=self._now, door=door, person=person
        )
        return Scene(life, partial(self._begun, tell=tell))

    def _begun(self, chance: Random, life: Life, *, tell: Tell) -> None:
        """The rules may have decided otherwise this time (another answer, another road owner)."""
        self._teller.begin(life)
        if life.columns["closed_at"] is None and life.unit_id is not None:
            tell(chance, life)

    def _in_the_day(self, moment: datetime) -> datetime:
        """Few write at four in the morning."""
        hour = moment.astimezone(PARIS).hour
        earlier = moment - (hour + 3) * _HOUR if hour < 7 else moment
        return earlier.replace(microsecond=0)

    def _due(self, chance: Random, pairs: Sequence[tuple[str, Door]], *, late: bool) -> Iterator[Scene]:
        """A demand whose date passed within the last days, or passes today."""
        for code, door in chance.sample(pairs, len(pairs)):
            hours = self._hours(code, late=late)
            if hours is not None:
                yield self._at(chance, (code, door), hours, self._in_progress)
                return

    def _hours_before(self, code: str, *, late: bool) -> float | None:
        """How long ago a demand on this subject must have come, for its date to be past, or today."""
        book = self._demands.judge.book
        category = book.catalogue.categories[code]
        today = self._now.astimezone(PARIS).date()
        for hours in range(3, 24 * 100, 7):
            received_at = self._in_the_day(self._now - hours * _HOUR)
            due = due_at(book, category, received_at, category.priority)
            is_today = due.astimezone(PARIS).date() == today and due > self._now
            if (late and due < self._now - 2 * _HOUR) or (not late and is_today):
                return float(hours)
        return None

    def _new(self, chance: Random, life: Life) -> None:
        """Nothing more: the unit has not looked yet."""

    def _accepted_at(self, chance: Random, life: Life) -> datetime:
        came = life.start.created_at
        at = min(self._office.after(chance, came, _HOUR), came + (self._now - came) * 0.4)
        life.accept(at, self._demands.cast.crew(chance, life.unit_id or 0))
        return at

    def _in_progress(self, chance: Random, life: Life) -> None:
        self._accepted_at(chance, life)

    def _planned(self, chance: Random, life: Life) -> None:
        at = self._accepted_at(chance, life)
        day = self._office.next_days(self._now.astimezone(PARIS).date(), chance.randrange(1, 6))
        life.plan(at + _HOUR / 10, self._demands.cast.crew(chance, life.unit_id or 0), day)

    def _waiting_for_the_resident(self, chance: Random, life: Life) -> None:
        at = self._accepted_at(chance, life) + _HOUR / 6
        life.ask(at, self._demands.cast.crew(chance, life.unit_id or 0), some(chance, "questions"))

    def _waiting_for_a_partner(self, chance: Random, life: Life) -> None:
        at = self._accepted_at(chance, life) + _HOUR / 6
        life.await_partner(at, self._demands.cast.crew(chance, life.unit_id or 0), some(chance, "partners"))

    def _resolved(self, chance: Random, life: Life) -> tuple[str, str]:
        self._accepted_at(chance, life)
        outcome = self._teller.outcome(chance, life)
        report = report_of(chance, outcome)
        at = self._now - chance.uniform(0.4, 9) * _HOUR
        day = self._office.next_days(at.date(), chance.randrange(3, 15)) if outcome == "P" else None
        life.resolve(at, self._demands.cast.crew(chance, life.unit_id or 0), outcome, report, day)
        return outcome, report

    def _to_answer(self, chance: Random, life: Life) -> None:
        self._resolved(chance, life)

    def _answers_to_give(self, chance: Random, kept: list[tuple[str, Door]]) -> Iterator[Scene]:
        for at, pair in enumerate(chance.sample(kept, min(15, len(kept)))):
            way = ("email", "phone", "email", "letter", "")[at % 5]
            yield self._at(chance, pair, chance.uniform(30, 110), self._to_answer, way=way)

    def _answer_waits(self, chance: Random, life: Life) -> None:
        outcome, report = self._resolved(chance, life)
        advisor = self._demands.cast.advisor(chance)
        life.close(self._now - _HOUR * chance.uniform(0.05, 0.3), advisor, outcome, report, waits=True)

    def _contested(self, chance: Random, life: Life) -> None:
        self._accepted_at(chance, life)
        crew = self._demands.cast.crew(chance, life.unit_id or 0)
        report = report_of(chance, "F")
        life.resolve(self._now - 60 * _HOUR, crew, "F", report)
        life.close(self._now - 55 * _HOUR, self._demands.cast.advisor(chance), "F", report)
        again_by = self._office.after(chance, self._now, 48 * _HOUR)
        life.contest(self._now - chance.uniform(1, 20) * _HOUR, again_by, some(chance, "contests"))

    def _to_qualify(self, chance: Random, kept: list[tuple[str, Door]]) -> Iterator[Scene]:
        """No rule, no category, no place, or sent back by the unit."""
        for code, is_placed in (
            ("VOIR-07", True), ("ECLA-04", True), ("VIE-02", True), (None, True), (None, True),
            ("PROP-01", False),
        ):  # fmt: skip
            received_at = self._in_the_day(self._now - chance.uniform(1, 30) * _HOUR)
            life = self._demands.begin(
                chance, code, chance.choice(("web", "phone")), received_at,
                until=self._now, door=chance.choice(kept)[1], place_is_known=is_placed,
            )  # fmt: skip
            yield Scene(life, lambda _chance, begun: self._teller.begin(begun))
        for pair in chance.sample(kept, 2):
            yield self._at(chance, pair, chance.uniform(10, 40), self._bounced)

    def _bounced(self, chance: Random, life: Life) -> None:
        at = life.start.created_at + (self._now - life.start.created_at) * 0.6
        crew = self._demands.cast.crew(chance, life.unit_id or 0)
        life.bounce(at, crew, "wrong_unit", some(chance, "bounces"))
