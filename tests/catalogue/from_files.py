"""The delivered catalogue as a snapshot, straight from its files: pure rules need no database."""

from __future__ import annotations

from functools import cache

from crm.catalogue import Catalogue, Category, Choice, Danger, Domain, OutcomeWords, Question, Raise, Stop
from crm.catalogue.entries import CategoryEntry, QuestionEntry
from crm.catalogue.files import read_folder
from crm.foundation import ROOT

FOLDER = ROOT / "config" / "catalogue"


@cache
def delivered() -> Catalogue:
    files = read_folder(FOLDER)
    return Catalogue(
        domains=tuple(Domain(d.code, d.label, d.label_en, d.position) for d in files.domains),
        categories={
            entry.code: _category(entry, domain.code, at)
            for domain in files.domains
            for at, entry in enumerate(domain.category, 1)
        },
        dangers=tuple(
            Danger(**{**d.model_dump(), "words": tuple(d.words), "unless": tuple(d.unless)})
            for d in files.dangers
        ),
        outcomes=tuple(
            OutcomeWords(**outcome.model_dump(), position=at) for at, outcome in enumerate(files.outcomes, 1)
        ),
    )


def leaf(code: str) -> Category:
    return delivered().categories[code]


def _category(entry: CategoryEntry, domain_code: str, position: int) -> Category:
    values = entry.model_dump(exclude={"question", "synonyms", "dangers", "outcomes"})
    return Category(
        **values,
        domain_code=domain_code,
        position=position,
        is_active=True,
        synonyms=tuple(entry.synonyms),
        dangers=tuple(entry.dangers),
        outcomes=tuple(entry.outcomes),
        questions=tuple(_question(question) for question in entry.question),
    )


def _question(entry: QuestionEntry) -> Question:
    return Question(
        key=entry.key,
        label=entry.label,
        label_en=entry.label_en,
        kind=entry.kind,
        is_required=entry.is_required,
        choices=tuple(Choice(c.value, c.label, c.label_en) for c in entry.choices),
        raises=tuple(Raise(c.when, c.priority, c.map) for c in entry.raises),
        stops=tuple(Stop(s.when, s.say, s.say_en) for s in entry.stops),
    )
