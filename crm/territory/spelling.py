"""One spelling for street names, as stored and as typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from crm.foundation import fold

# Written short on letters, signs and keyboards. A word may stand for several: `ch` is chemin or chaussee.
ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    "abb": ("abbe",),
    "all": ("allee",),
    "amal": ("amiral",),
    "av": ("avenue",),
    "ave": ("avenue",),
    "bat": ("batiment",),
    "bd": ("boulevard",),
    "bld": ("boulevard",),
    "blvd": ("boulevard",),
    "boul": ("boulevard",),
    "bvd": ("boulevard",),
    "car": ("carrefour",),
    "carr": ("carrefour",),
    "cdt": ("commandant",),
    "cd": ("commandant",),
    "cne": ("capitaine",),
    "col": ("colonel",),
    "cal": ("caporal",),
    "ch": ("chemin", "chaussee"),
    "che": ("chemin",),
    "chem": ("chemin",),
    "cmdt": ("commandant",),
    "crs": ("cours",),
    "dr": ("docteur",),
    "esp": ("esplanade",),
    "fbg": ("faubourg",),
    "fg": ("faubourg",),
    "gal": ("general",),
    "gd": ("grand",),
    "gde": ("grande",),
    "gen": ("general",),
    "gl": ("general",),
    "gr": ("grande", "grand"),
    "ham": ("hameau",),
    "imp": ("impasse",),
    "jard": ("jardin",),
    "lot": ("lotissement",),
    "lt": ("lieutenant",),
    "mal": ("marechal",),
    "mar": ("marechal",),
    "mgr": ("monseigneur",),
    "mte": ("montee",),
    "nd": ("notre",),
    "pas": ("passage",),
    "pass": ("passage",),
    "pl": ("place",),
    "pdt": ("president",),
    "pr": ("professeur",),
    "pres": ("president",),
    "prof": ("professeur",),
    "prom": ("promenade",),
    "pte": ("porte",),
    "qu": ("quai",),
    "r": ("rue",),
    "res": ("residence",),
    "rd": ("departementale", "rond"),
    "rdpt": ("rond",),
    "rpt": ("rond",),
    "rte": ("route",),
    "sq": ("square",),
    "squ": ("square",),
    "st": ("saint",),
    "ste": ("sainte",),
    "sts": ("saints",),
    "stes": ("saintes",),
    "vla": ("villa",),
}
# Often mistaken for one another, or left out.
TITLES = frozenset({
    "abbe", "amiral", "capitaine", "colonel", "commandant", "docteur", "general", "lieutenant", "marechal",
    "monseigneur", "pere", "president", "professeur", "sergent",
})  # fmt: skip
# Which of them a stored name may be written with; the others are too often words of their own.
_STORED = frozenset({
    "av", "ave", "bd", "bld", "blvd", "bvd", "cdt", "dr", "fbg", "fg", "gal", "imp", "mal", "mgr",
    "pl", "prof", "rdpt", "rpt", "rte", "sq", "st", "ste", "sts", "stes",
})  # fmt: skip
_PAIRS = {"rdpt": "rond point", "rpt": "rond point", "nd": "notre dame"}
ARTICLES = frozenset({
    "a", "au", "aux", "d", "de", "del", "des", "du", "en", "et", "l", "la", "le", "les", "lou", "s",
    "sous", "sur",
})  # fmt: skip
KINDS = frozenset({
    "allee", "allees", "autoroute", "avenue", "boulevard", "bretelle", "carrefour", "chaussee",
    "chemin", "cite", "cour", "cours", "descente", "enclos", "escalier", "espace", "esplanade",
    "faubourg", "grand", "grande", "hameau", "impasse", "jardin", "lotissement", "mail", "montee",
    "parc", "parking", "parvis", "passage", "passerelle", "place", "placette", "plan", "pont",
    "porte", "promenade", "quai", "residence", "rond", "point", "route", "rue", "ruelle", "sente",
    "sentier", "square", "terrasse", "tunnel", "venelle", "viaduc", "villa", "voie",
})  # fmt: skip
# Streets named after a date are written « Huit Mai » as well as « 8 Mai ».
# Said of so many streets that, alone, they tell nothing.
_COMMON_KINDS = frozenset({
    "allee", "avenue", "boulevard", "chemin", "impasse", "place", "route", "rue", "square",
})  # fmt: skip
_WORDS = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze")
_FIGURES = dict(enumerate(_WORDS, 1))
_SPELT = {str(figure): (word,) for figure, word in _FIGURES.items()} | {
    word: (str(figure),) for figure, word in _FIGURES.items()
}
_APOSTROPHE = re.compile(r"['’ʼ`´]")


def street_key(name: str) -> str:
    """`Av. du Gal de Gaulle` → `avenue general gaulle`: folded, written in full, without articles.

    A name made of articles alone keeps them.
    """
    words = [word for short in fold(name).split() for word in _in_full(short)]
    return " ".join([word for word in words if word not in ARTICLES] or words)


def _in_full(word: str) -> list[str]:
    if word not in _STORED:
        return [word]
    return _PAIRS.get(word, ABBREVIATIONS[word][0]).split()


def readings(word: str) -> tuple[str, ...]:
    """What a typed word may mean: itself and what it is short for, both possible until compared."""
    return (word, *ABBREVIATIONS.get(word, ()), *_SPELT.get(word, ()))


def telling(words: Iterable[str]) -> bool:
    """Is there more than a kind of street (or its beginning), so that looking makes sense?

    After a kind, what is short for another begins a name: « square chê » is no chemin.
    """
    kind, *later = [*words] or [""]
    begins = kind in _COMMON_KINDS and any(len(word) > 2 and word not in _COMMON_KINDS for word in later)
    return begins or any(_tells(word) for word in (kind, *later))


def _tells(word: str) -> bool:
    if word.isdigit():
        return True
    kind = any(reading in _COMMON_KINDS for reading in readings(word))
    begins_kind = len(word) == 2 and any(known.startswith(word) for known in _COMMON_KINDS)
    return len(word) > 1 and not kind and not begins_kind


def spoken(number: int, suffix: str, street: str) -> str:
    """`12 bis rue des Lilas`, as one writes it in a sentence: the kind of street takes a small letter."""
    first, _, rest = street.partition(" ")
    small = first.lower() if fold(first) in KINDS and rest else first
    words = [str(number) if number else "", suffix, small if number else first, rest]
    return " ".join(word for word in words if word)


def apart(text: str) -> str:
    """The same text with every apostrophe written in one way."""
    return _APOSTROPHE.sub("'", text)
