"""The catalogue as the rest of the house reads it: one frozen snapshot, no session behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

PLACES = ("exact", "street", "home", "none")
DELAY_UNITS = ("working_day", "month")
REGIMES = ("none", "implicit_rejection", "implicit_acceptance")
MAP_DISPLAYS = ("point", "segment", "never")
QUESTION_KINDS = ("text", "number", "yesno", "choice", "date")
OUTCOMES = ("F", "FT", "P", "I", "R", "T", "D", "NC", "PV", "A", "X")


@dataclass(frozen=True, slots=True)
class Domain:
    code: str
    label: str
    label_en: str
    position: int


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Raise:
    """What an answer changes. `map` = "never" keeps the case off the public map."""

    when: str
    priority: int | None = None
    map: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """An answer that needs no demand: what to say, and to do, instead."""

    when: str
    say: str
    say_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    key: str
    label: str
    label_en: str
    kind: str
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    raises: tuple[Raise, ...] = ()
    stops: tuple[Stop, ...] = ()

    def wording(self, value: str, *, english: bool = False) -> str:
        """The words of an answer: a choice's label, anything else as it was given."""
        for choice in self.choices:
            if choice.value == value:
                return choice.label_en if english else choice.label
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One leaf. `past_questions` are no longer asked but still name old answers.

    Args:
        is_active: may be chosen on the day the catalogue was read for.
        retired_on: the first day without it; new demands then go to `replaced_by`, if there is one.
    """

    code: str
    domain_code: str
    label: str
    label_en: str
    synonyms: tuple[str, ...]
    place: str
    priority: int
    delay_days: int
    delay_unit: str
    dangers: tuple[str, ...]
    outcomes: tuple[str, ...]
    decision_regime: str
    decision_months: int
    map_display: str
    identity_level: int
    evidence: bool
    is_active: bool
    position: int
    handling: str
    handling_en: str
    retired_on: date | None = None
    replaced_by: str | None = None
    questions: tuple[Question, ...] = ()
    past_questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryCard:
    """What a message says of a category."""

    code: str
    label: str
    label_en: str
    domain_code: str
    decision_regime: str
    decision_months: int


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger that words may announce, what to say aloud at once and the number to give.

    Args:
        is_active: listened for; a retired one still names what was heard before.
    """

    code: str
    label: str
    label_en: str
    words: tuple[str, ...]
    unless: tuple[str, ...]
    say: str
    say_en: str
    call: str
    raises_to: int
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """How one end is named, told and offered. The ends themselves are a closed list (`OUTCOMES`).

    Args:
        sentence: told to the usager.
        followed: told to those who follow; empty: the usager's sentence serves.
        for_any: offered for any demand; else only for the categories that name it.
    """

    code: str
    label: str
    label_en: str
    sentence: str
    sentence_en: str
    followed: str
    followed_en: str
    for_any: bool
    position: int

    def named(self, language: str) -> str:
        return self.label_en or self.label if language == "en" else self.label

    def told(self, language: str, *, follower: bool = False) -> str:
        """What has no English is said in French: never the usager's own sentence to somebody else."""
        french, english = self.sentence, self.sentence_en
        if follower and self.followed:
            french, english = self.followed, self.followed_en
        return english or french if language == "en" else french


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Domains, dangers and outcomes in their order; categories by code. Retired ones are in it."""

    domains: tuple[Domain, ...]
    categories: Mapping[str, Category]
    dangers: tuple[Danger, ...]
    outcomes: tuple[OutcomeWords, ...]
    _domains: Mapping[str, Domain] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_domains", {domain.code: domain for domain in self.domains})

    def category(self, code: str) -> Category | None:
        return self.categories.get(code)

    def in_use(self, code: str | None) -> Category | None:
        """The category that a new demand of this one is about: itself while it serves, else its heir."""
        found, seen = self.categories.get(code or ""), set[str]()
        while found and not found.is_active and found.replaced_by and found.code not in seen:
            seen.add(found.code)
            found = self.categories.get(found.replaced_by)
        return found

    def domain(self, code: str) -> Domain | None:
        return self._domains.get(code)

    def danger(self, code: str) -> Danger | None:
        return next((danger for danger in self.dangers if danger.code == code), None)

    def outcome(self, code: str | None) -> OutcomeWords | None:
        return next((outcome for outcome in self.outcomes if outcome.code == code), None)

    def outcome_sentence(self, code: str | None, language: str, *, follower: bool = False) -> str:
        """What is told of an end; nothing of what has not ended."""
        known = self.outcome(code)
        return known.told(language, follower=follower) if known else ""

    def in_domain(self, domain_code: str) -> list[Category]:
        """The categories that may be chosen today, in their order."""
        found = [c for c in self.categories.values() if c.domain_code == domain_code and c.is_active]
        return sorted(found, key=lambda category: category.position)
