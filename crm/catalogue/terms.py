"""Spoken French cut into comparable terms: no accents, no endings, no empty words. Pure."""

from __future__ import annotations

import re

from crm.foundation import fold

_EMPTY_WORDS = """
a ai ait alors as au aussi autre aux avait avant avec avez avoir avons bah ben bon bonjour bonsoir c
ca car ce ceci cela celle celui ces cet cette chez ci comme comment cordialement d dans de deja dela
depuis des deux dis dit dite doit donc du elle elles en encore entre es est et etaient etait ete
etes etre eu euh eux faire fais fait faites faudrait faut font guere hier hein ici il ils j jai je
juste l la le les leur leurs lors lui m madame mais me meme mes messieurs moi mon monsieur mr mme n
ne ni nos notre nous on ont or ou oui parce par pendant peu peut peux plait pour pouvez pourquoi
pourriez pourrait puis qu quand quel quelle quelqu que qui quoi s sa salut se sera ses si signale
signaler signalement soit son sont sur t ta tel telle tes toi ton tu un une va vais vers veux veut
voila voir vos votre voudrais voulais voulait vous vu y aujourd hui matin soir midi lundi mardi
mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre
octobre novembre decembre probleme souci situe situee niveau cote
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_POLITE = re.compile(
    r"\bmerci (?:d avance|par avance|de|d|beaucoup de)\b|\bs il (?:vous|te) plait\b|\bsvp\b|(?<=\w) merci$"
)
_ENDINGS = (
    "issements", "issement", "ements", "ement", "ations", "ation", "ages", "age", "ees", "ee", "euses",
    "euse", "eurs", "eur", "ives", "ive", "ent", "er", "ez", "es", "e", "s", "x",
)  # fmt: skip
_LONG = {"ages": 4, "age": 4, "ent": 4, "ation": 4, "ations": 4, "ives": 4, "ive": 4, "eur": 5, "eurs": 5}


def words_of(text: str) -> list[str]:
    """Folded words, politeness left out, in their order."""
    return _POLITE.sub(" ", fold(text)).split()


def is_empty(word: str) -> bool:
    return word in _EMPTY


def stem(word: str) -> str:
    """`ramassée`, `ramasser`, `ramassage` → `ramass`. Light on purpose: made to compare, no more."""
    if len(word) <= 3 or word.isdigit():
        return word
    if word.endswith("aux") and len(word) > 4:
        return word[:-2] + "l"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LONG.get(ending, 3):
            return word[: -len(ending)]
    return word


def terms_of(text: str) -> list[str]:
    return [stem(word) for word in words_of(text) if not is_empty(word)]
