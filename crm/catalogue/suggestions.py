"""From what a person says to the categories it is most likely about. Pure; a few tenths of a millisecond."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from crm.catalogue.shapes import Catalogue, Category
from crm.catalogue.terms import is_empty, stem, terms_of, words_of

_MOST_WORDS = 60
_ALONE, _IN_LABEL, _IN_PHRASE, _IN_ENGLISH = 1.0, 0.8, 0.5, 0.4  # how much one word says of a category
_PHRASE_BONUS = 0.7
_PLACE_WORD = 0.25  # "devant la boulangerie" says where, hardly what
_WHERE = frozenset(
    {"devant", "derriere", "pres", "proche", "face", "angle", "hauteur", "croisement", "entree"}
)
_STREETS = frozenset(
    {"rue", "avenue", "boulevard", "bd", "chemin", "impasse", "allee", "quai", "square", "cours"}
)
_OF = frozenset({"de", "du", "des", "d"})
_BEGUN_FROM, _BEGUN = 3, 0.6  # letters from which a word being typed is guessed, and how surely
_MISSPELT_FROM, _LONG = 4, 7  # letters from which one error, then two, are forgiven
_LEAST = 0.9  # below, the words say nothing
_FAINT = 0.3  # of the best score: below, a proposal is noise to read during a call


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`score` is the share, 0 to 1, of what was said that the category accounts for."""

    code: str
    label: str
    domain_label: str
    score: float


@dataclass(frozen=True, slots=True)
class _Phrase:
    category: int
    terms: frozenset[str]


class CategoryIndex:
    """Built once for a snapshot, then asked at each keystroke from any thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._categories = [category for category in catalogue.categories.values() if category.is_active]
        self._strength: dict[str, dict[int, float]] = defaultdict(dict)
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        for at, category in enumerate(self._categories):
            self._learn(at, category)
        count = max(len(self._categories), 1)
        self._rarity = {term: math.log(1 + count / len(found)) for term, found in self._strength.items()}
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        for term in self._strength:
            self._by_initial[term[0]].append(term)

    def _learn(self, at: int, category: Category) -> None:
        self._learn_phrase(at, terms_of(category.label), _IN_LABEL)
        self._learn_phrase(at, terms_of(category.label_en), _IN_ENGLISH)
        for synonym in category.synonyms:
            terms = terms_of(synonym)
            self._learn_phrase(at, terms, _ALONE if len(terms) == 1 else _IN_PHRASE)

    def _learn_phrase(self, at: int, terms: list[str], strength: float) -> None:
        for term in terms:
            known = self._strength[term]
            known[at] = max(known.get(at, 0.0), strength)
        if len(set(terms)) > 1:
            phrase = _Phrase(at, frozenset(terms))
            for term in phrase.terms:
                self._phrases[term].append(phrase)

    def suggest(self, text: str, limit: int = 5) -> list[Suggestion]:
        """The likeliest categories, best first; none when the words say nothing."""
        heard, possible = self._hear(text)
        scores = self._score(heard)
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        floor = max(_LEAST, _FAINT * best[0][1]) if best else _LEAST
        return [self._suggestion(at, score, possible) for at, score in best[:limit] if score >= floor]

    def _suggestion(self, at: int, score: float, possible: float) -> Suggestion:
        category = self._categories[at]
        domain = self._catalogue.domain(category.domain_code)
        share = min(1.0, score / possible) if possible else 0.0
        return Suggestion(category.code, category.label, domain.label if domain else "", round(share, 3))

    def _hear(self, text: str) -> tuple[dict[str, float], float]:
        """Known terms with how surely they were said, and what a perfect match would weigh."""
        words = words_of(text)[:_MOST_WORDS]
        heard: dict[str, float] = {}
        possible = 0.0
        for at, word in enumerate(words):
            if is_empty(word):
                continue
            damp = _PLACE_WORD if _says_where(words, at) else 1.0
            likely = self._likely(word, typing=at == len(words) - 1 and not text[-1:].isspace())
            for term, sureness in likely.items():
                heard[term] = max(heard.get(term, 0.0), sureness * damp)
            possible += max((self._rarity[t] * s * damp for t, s in likely.items()), default=0.0)
        return heard, possible * (1 + _PHRASE_BONUS)

    def _likely(self, word: str, *, typing: bool) -> dict[str, float]:
        """Terms that the word may stand for: itself, else one it begins, else one it misspells."""
        term = stem(word)
        likely = {term: 1.0} if term in self._strength else {}
        neighbours = self._by_initial.get(term[0], [])  # the first letter is seldom the wrong one
        if typing and len(word) >= _BEGUN_FROM:
            likely = {**{known: _BEGUN for known in neighbours if known.startswith(word)}, **likely}
        if likely or len(term) < _MISSPELT_FROM:
            return likely
        errors = 1 if len(term) < _LONG else 2
        near = process.extract(term, neighbours, scorer=OSA.distance, score_cutoff=errors, limit=4)
        return {known: 1 - 0.2 * distance for known, distance, _ in near if len(known) >= _MISSPELT_FROM}

    def _score(self, heard: dict[str, float]) -> dict[int, float]:
        scores: dict[int, float] = defaultdict(float)
        for term, sureness in heard.items():
            for at, strength in self._strength[term].items():
                scores[at] += self._rarity[term] * sureness * strength
        for at, bonus in self._bonuses(heard).items():
            scores[at] += _PHRASE_BONUS * bonus
        return scores

    def _bonuses(self, heard: dict[str, float]) -> dict[int, float]:
        """For each category, the weight of its heaviest phrase of which every word was said."""
        best: dict[int, float] = defaultdict(float)
        for phrase in {p for term in heard for p in self._phrases.get(term, ())}:
            if phrase.terms <= heard.keys():
                weight = sum(self._rarity[term] * heard[term] for term in phrase.terms)
                best[phrase.category] = max(best[phrase.category], weight)
        return best


def _says_where(words: list[str], at: int) -> bool:
    """Does this word only say where: `devant la boulangerie`, `rue des Lilas`, `place de la mairie`?"""
    for back in range(1, min(at, 3) + 1):
        before = words[at - back]
        if before in _WHERE:
            return True
        if before in _STREETS:
            return words[at - back + 1] in _OF and back > 1
        if not is_empty(before):
            return False
    return False
