"""What comes in: a subject, a place, someone or nobody, a channel, and what the real rules say of it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random

from crm.cases import Assessment, Place, Rulebook, Said, assess
from crm.catalogue import Category, Question, dangers_in
from crm.cli.demo.history.beginning import Beginning
from crm.cli.demo.history.calendar import Office, moment
from crm.cli.demo.history.cast import Cast
from crm.cli.demo.history.life import Life
from crm.cli.demo.history.people import Person
from crm.cli.demo.history.places import Door, Doors
from crm.cli.demo.history.words import Subject, subjects, words

# Online 55, telephone 30, town hall 8, e-mail and letter 5, others 2.
_CHANNELS = (
    ("web", 55),
    ("phone", 30),
    ("desk", 8),
    ("email", 3),
    ("letter", 2),
    ("social", 1),
    ("relay", 1),
)
_KINDS = {"REL-01": "complaint", "REL-02": "suggestion", "VIE-01": "information", "VIE-02": "information"}
_VAGUE = "Je ne sais pas à qui m’adresser pour ce problème."
_ANONYMOUS = {"web": 0.22, "phone": 0.12, "desk": 0.05, "social": 0.5, "relay": 0.3}


class Subjects:
    """Draws what a demand of some month is about."""

    def __init__(self, known: Sequence[str]) -> None:
        self._all = [subject for subject in subjects() if subject.code in known]
        self._by_code = {subject.code: subject for subject in self._all}
        self._until = {
            month: list(accumulate(s.weight * s.season.get(month, 1.0) for s in self._all))
            for month in range(1, 13)
        }

    def draw(self, chance: Random, month: int) -> Subject:
        until = self._until[month]
        return self._all[bisect(until, chance.random() * until[-1])]

    def of(self, code: str) -> Subject:
        return self._by_code[code]


class Judge:
    """The real decision. Listening for dangers is the slow part, and depends on the words alone."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._quiet = replace(book, catalogue=replace(book.catalogue, dangers=()))
        self._is_dangerous = lru_cache(maxsize=10_000)(self._hear)

    def assess(self, said: Said, sentence: str) -> Assessment:
        """`sentence`: what was said, without greetings and thanks."""
        if self._is_dangerous(sentence):
            return assess(self.book, replace(said, object=sentence))
        return assess(self._quiet, said)

    def _hear(self, text: str) -> bool:
        return bool(dangers_in(self.book.catalogue, text))


class Demands:
    """Makes beginnings of lives; ids and references come once all of them are in their order."""

    def __init__(
        self,
        judge: Judge,
        cast: Cast,
        doors: Doors,
        office: Office,
        people: Sequence[Person],
        exchange_ids: Iterator[int],
    ) -> None:
        self.judge = judge
        self.cast = cast
        self.subjects = Subjects([*judge.book.catalogue.categories])
        self._doors = doors
        self._office = office
        self._people = people
        self._exchange_ids = exchange_ids

    def on(self, chance: Random, day: date, until: datetime) -> Life:
        """A demand of some day, whatever it is about."""
        subject = self.subjects.draw(chance, day.month)
        channel = chance.choices([c for c, _ in _CHANNELS], [weight for _, weight in _CHANNELS])[0]
        received_at = min(moment(chance, day, channel), until)
        return self.begin(chance, subject.code, channel, received_at, until=until)

    def begin(
        self,
        chance: Random,
        code: str | None,
        channel: str,
        received_at: datetime,
        *,
        until: datetime,
        door: Door | None = None,
        person: Person | None = None,
        place_is_known: bool = True,
        is_twin: bool = False,
    ) -> Life:
        who = person or self._someone(chance, channel)
        category = self.judge.book.catalogue.category(code) if code else None
        where = self._where(chance, category, who, door) if place_is_known else None
        sentence = chance.choice(self.subjects.of(code).says if code else (_VAGUE,))
        said = Said(
            category_code=code,
            object=_as_said(chance, sentence, where),
            answers=_answers(chance, category, received_at.date()),
            place=_place(category, where),
            channel=channel,
            received_at=received_at,
        )
        start = Beginning(
            token=f"{chance.getrandbits(192):048x}",
            said=said,
            door=where,
            person=who,
            answer_channel=person.channels[0] if person else _answer_channel(chance, who),
            is_twin=is_twin,
            opener=self.cast.opener(chance, channel, said.place.insee or ""),
            created_at=self._typed_at(chance, channel, received_at, until),
            until=until,
            hint=str(chance.choice(words()["hints"])) if where else "",
            kind=_KINDS.get(code or "", "report"),
        )
        return Life(start, self.judge.assess(said, sentence), self._exchange_ids)

    def _someone(self, chance: Random, channel: str) -> Person | None:
        """Some come often: a tenth of the people make a third of the demands."""
        if chance.random() < _ANONYMOUS.get(channel, 0.0):
            return None
        regulars = max(1, len(self._people) // 10)
        most = regulars if chance.random() < 0.3 else len(self._people)
        return self._people[int(chance.random() * most)]

    def _where(
        self, chance: Random, category: Category | None, who: Person | None, door: Door | None
    ) -> Door | None:
        if door is not None or category is None:
            return door or self._doors.draw(chance)
        if category.place == "none":
            return None
        near_home = category.place == "home" or chance.random() < 0.4
        return who.home if who and near_home else self._doors.draw(chance)

    def _typed_at(self, chance: Random, channel: str, received_at: datetime, until: datetime) -> datetime:
        """A letter or an e-mail waits for somebody to open it."""
        if channel not in {"email", "letter"}:
            return received_at
        wait = timedelta(hours=chance.uniform(1, 20 if channel == "email" else 60))
        return min(self._office.after(chance, received_at, wait), until)


def _as_said(chance: Random, sentence: str, where: Door | None) -> str:
    text = sentence.format(street=f"({where.street})" if where else "").replace(" .", ".")
    opening, ending = chance.choice(words()["openings"]), chance.choice(words()["endings"])
    first = text[0].lower() if opening.endswith(", ") else text[0]
    return f"{opening}{first}{text[1:]}{ending}"


def _place(category: Category | None, where: Door | None) -> Place:
    if where is None:
        return Place()
    if category is not None and category.place == "street":
        label = f"{where.street}, {where.commune}"
        return replace(where.place, label=label, precision="street", address_id=None)
    return where.place


def _answer_channel(chance: Random, who: Person | None) -> str:
    if who is None or not who.channels or chance.random() < 0.06:
        return "none"
    return who.channels[0]


def _answers(chance: Random, category: Category | None, day: date) -> dict[str, str]:
    """What must be answered, and sometimes the rest."""
    if category is None:
        return {}
    return {
        question.key: _answer(chance, question, day)
        for question in category.questions
        if question.is_required or (question.kind == "choice" and chance.random() < 0.25)
    }


def _answer(chance: Random, question: Question, day: date) -> str:
    fixed = {"date": day.isoformat(), "yesno": "no", "number": "1", "text": "Voir la description"}
    if question.kind != "choice":
        return fixed[question.kind]
    quiet = [
        choice.value for choice in question.choices if all(choice.value != r.when for r in question.raises)
    ]
    return chance.choice(quiet or [choice.value for choice in question.choices])
