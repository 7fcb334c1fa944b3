"""French spacing: the same on screens, in mails and on paper. Writers type plain spaces."""

from __future__ import annotations

import re

_NARROW, _NO_BREAK = "\u202f", "\u00a0"
_BEFORE = re.compile(r"[ \u00a0](?=[;!?»])")
_COLON = re.compile(r"[ ](?=:(?:\s|$))")
_AFTER = re.compile(r"(?<=«)[ \u00a0]")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}\b)|(?<=\d) (?=h\b)|(?<=\bh) (?=\d\d\b)")


def typo(text: str) -> str:
    """Narrow no-break before ; ! ? » and after «, no-break before a colon, thousands and hours whole."""
    spaced = _AFTER.sub(_NARROW, _BEFORE.sub(_NARROW, text))
    return _THOUSANDS.sub(_NARROW, _COLON.sub(_NO_BREAK, spaced))
