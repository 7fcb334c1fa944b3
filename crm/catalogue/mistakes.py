"""A mistake said to the person who wrote the file: where, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from crm.catalogue.checking import Mistake
from crm.catalogue.shapes import OUTCOMES

_TO_DO = {
    "missing": "manque : ajoutez-la",
    "extra_forbidden": "clé inconnue : corrigez son nom ou retirez-la",
    "literal_error": "valeur inconnue ; valeurs permises : {expected}",
    "string_type": "un texte entre guillemets est attendu",
    "string_too_short": "ne peut pas être vide",
    "string_pattern_mismatch": "forme inattendue ; forme permise : {pattern}",
    "int_type": "un nombre entier est attendu",
    "bool_type": "true ou false est attendu",
    "list_type": "une liste entre crochets est attendue",
    "too_short": "il en faut au moins une",
    "greater_than_equal": "doit valoir au moins {ge}",
    "less_than_equal": "doit valoir au plus {le}",
    "string_too_long": "trop long : {max_length} caractères au plus",
}
_DISAGREEMENTS = {
    "other_domain": "doit commencer par {what}-",
    "months_and_regime": "0 sans régime de décision, 1 ou plus avec un régime",
    "map_without_place": "sans lieu, seul « never » est possible",
    "outcome_unknown": "{what} n’existe pas ; issues connues : {outcomes}",
    "question_twice": "la question {what} est écrite deux fois : gardez-en une",
    "choices_and_kind": "des choix pour le genre « choice », aucun pour les autres",
    "choice_twice": "le choix {what} est écrit deux fois : gardez-en un",
    "answer_unknown": "« {what} » n’est pas une réponse possible",
    "outcome_says_nothing": "« {what} » ne dit rien : écrivez des mots",
    "hole_in_sentence": "aucun champ n’est remplacé dans une phrase d’issue : retirez les accolades",
    "followed_in_english_alone": "écrivez aussi la phrase française de qui suit, ou retirez l’anglaise",
    "no_word": "« {what} » n’a aucun mot : écrivez des lettres ou retirez-le",
    "not_a_number_to_call": "{what} n’est pas un numéro de téléphone",
}


def sentence(mistake: Mistake) -> str:
    return _DISAGREEMENTS[mistake.code].format(what=mistake.what, outcomes=", ".join(OUTCOMES))


def told(name: str, raw: Mapping[str, Any], wrong: ValidationError) -> dict[str, str]:
    """Each mistake of a file, "file code key" to what to do."""
    return {f"{name} {way_to(raw, error['loc'])}": _to_do(error) for error in wrong.errors()}


def _to_do(error: Mapping[str, Any]) -> str:
    sentence = _TO_DO.get(error["type"], error["msg"])
    return str(sentence).format_map(error.get("ctx", {})) if error["type"] in _TO_DO else str(sentence)


def way_to(raw: Mapping[str, Any], steps: tuple[int | str, ...]) -> str:
    """`category, 3, place` → `ECLA-04 place`: an entry is named by its code or key, else by its rank."""
    here: Any = raw
    named: list[str] = []
    for step in steps:
        here = _inside(here, step)
        if isinstance(step, int):
            named[-1:] = [_name(here) or f"{named[-1]} n° {step + 1}"]
        else:
            named.append(step)
    return " ".join(named)


def _inside(here: Any, step: int | str) -> Any:
    if isinstance(here, Mapping):
        return here.get(step)
    return here[step] if isinstance(here, list) and isinstance(step, int) else None


def _name(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return next((str(entry[key]) for key in ("code", "key", "value", "outcome") if entry.get(key)), "")
