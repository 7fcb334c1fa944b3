"""Fitting a text into SMS: the GSM 7-bit alphabet, and how many parts it takes. Pure.

Source: 3GPP TS 23.038 (alphabet, extension table), TS 23.040 (concatenated parts).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # each takes two of the 7-bit places
_SPELLED = {
    "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‹": "'", "›": "'",
    "œ": "oe", "Œ": "OE", "…": "...", "–": "-", "—": "-", "−": "-", "•": "-", "·": ".", "×": "x",
    "°": "o", "º": "o", "ª": "a", "²": "2", "³": "3", "½": "1/2", "\t": " ", "\u00ad": "", "\u200b": "",
}  # fmt: skip
_INNER_SPACES = re.compile(r"(?<=«)\s+|\s+(?=»)")
_ONE_GSM7, _MORE_GSM7 = 160, 153
_ONE_UCS2, _MORE_UCS2 = 70, 67


def to_gsm7(text: str) -> str:
    """The same text in the 7-bit alphabet where a French reader would not mind: é è à ù stay, ê ç œ ’ change.

    What cannot be spelled (another script, an emoji) is kept: it makes the message UCS-2 rather than wrong.
    """
    bare = _without_inner_spaces(unicodedata.normalize("NFC", text))
    return "".join(_spelled(mark) for mark in bare)


def _without_inner_spaces(text: str) -> str:
    """French quotes keep spaces inside; straight ones do not: `« oui »` → `"oui"`."""
    return _INNER_SPACES.sub("", text)


def _spelled(mark: str) -> str:
    if mark in _BASIC or mark in _EXTENDED:
        return mark
    if mark in _SPELLED:
        return _SPELLED[mark]
    if unicodedata.category(mark) == "Zs":
        return " "
    bare = "".join(m for m in unicodedata.normalize("NFKD", mark) if not unicodedata.combining(m))
    return bare if bare and all(m in _BASIC for m in bare) else mark


class SmsSize(NamedTuple):
    """What a text costs.

    Args:
        parts: how many SMS the network bills.
        characters: places taken: `€` takes two of the 7-bit ones, an emoji two of the others.
    """

    parts: int
    encoding: Literal["gsm7", "ucs2"]
    characters: int


def sms_parts(text: str) -> SmsSize:
    """How many SMS the text takes, in which encoding, and how many places."""
    if all(mark in _BASIC or mark in _EXTENDED for mark in text):
        places = [2 if mark in _EXTENDED else 1 for mark in text]
        return SmsSize(_parts(places, _ONE_GSM7, _MORE_GSM7), "gsm7", sum(places))
    places = [2 if ord(mark) > 0xFFFF else 1 for mark in text]
    return SmsSize(_parts(places, _ONE_UCS2, _MORE_UCS2), "ucs2", sum(places))


def as_sent(text: str) -> str:
    """Spelled in the cheap alphabet if that makes it fit there; else as it was written, accents and all."""
    spelled = to_gsm7(text)
    return spelled if sms_parts(spelled).encoding == "gsm7" else unicodedata.normalize("NFC", text)


def _parts(places: list[int], alone: int, joined: int) -> int:
    """A mark of two places is never cut in two."""
    if sum(places) <= alone:
        return 1 if places else 0
    parts, used = 1, 0
    for place in places:
        if used + place > joined:
            parts, used = parts + 1, 0
        used += place
    return parts
