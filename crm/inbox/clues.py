"""What the words of a message tell without being proof: references written in it, and a place. Pure."""

from __future__ import annotations

import re

from crm.cases import Mistyped, parse_reference

_REFERENCE = re.compile(r"(?<!\d)\d{4}[\s.·–—_/-]{0,3}\d(?:[\s.·-]?\d){5,7}[\s.·–—_/-]{0,3}\d{2}(?!\d)")
_WAYS = (
    "rue|avenue|boulevard|place|chemin|impasse|allées?|quai|cours|route|square|passage|faubourg|esplanade|"
    "promenade|rond-point|sentier|venelle|montée|cité|résidence|lotissement"
)
_PLACE = re.compile(
    rf"(?:\b\d{{1,4}} *(?:bis|ter|quater)?,? +)?\b(?:{_WAYS})(?: +[\w'’-]+){{1,6}}", re.IGNORECASE
)
_READ = 4_000  # characters: whoever writes of a place writes of it early
_MOST = 5


def references_in(text: str) -> list[str]:
    """Well-formed references of ours, in their order: whoever typed one may have typed any."""
    found = []
    for match in _REFERENCE.finditer(text[:_READ]):
        try:
            found.append(parse_reference(match.group()))
        except Mistyped:
            continue
    return list(dict.fromkeys(found))[:_MOST]


def places_in(text: str) -> list[str]:
    """« devant le 12 bis, rue des Lilas à Rivebois depuis lundi »: what may be a place, the longest first.

    Where its name ends is for the territory to say.
    """
    match = _PLACE.search(text[:_READ])
    if match is None:
        return []
    words = match.group().split()
    fewest = next(i for i, word in enumerate(words) if re.fullmatch(_WAYS, word, re.IGNORECASE)) + 2
    return [" ".join(words[:end]) for end in range(len(words), fewest - 1, -1)]
