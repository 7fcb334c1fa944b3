"""What a resident has written so far. It travels in the form itself: there is no session to lose."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from crm.foundation import clean
from crm.http.uploads import TOKENS, carried_tokens

_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")
_ANSWER = "q_"
UNKNOWN = "unknown"  # « Je ne sais pas »
AS_WRITTEN = "written"  # none of the addresses proposed

# The longest text of each box; what was typed is kept, and the person is told.
LONGEST = {
    "place": 300,
    "hint": 500,
    "family_name": 120,
    "first_name": 120,
    "email": 254,
    "phone": 40,
    "postal": 600,
}
_CODES = ("category", "insee", "spot", "way", "lon", "lat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    Args:
        key: made with the form: sent twice, it is one case.
        category: a code, `unknown`, or empty when not chosen yet.
        spot: the address chosen among those proposed, `written`, or empty.
        spot_for: the place for which they were proposed: another text makes the choice void.
        lon, lat: degrees, when the place was shown on the map.
        way: how to be answered: email, sms, letter, phone, none, or empty when not chosen yet.
        files: tokens of the photos taken in so far.
        trap: a box that no person sees; machines fill it.
    """

    key: str
    object: str = ""
    category: str = ""
    place: str = ""
    insee: str = ""
    hint: str = ""
    spot: str = ""
    spot_for: str = ""
    lon: str = ""
    lat: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    way: str = ""
    family_name: str = ""
    first_name: str = ""
    email: str = ""
    phone: str = ""
    postal: str = ""
    files: tuple[str, ...] = ()
    trap: str = ""

    @property
    def sought(self) -> str:
        """What the proposed addresses were sought with."""
        return f"{self.insee}|{self.place}"

    @property
    def point(self) -> tuple[float, float] | None:
        """(lon, lat) of the map; None when there is none, or it is nowhere on earth."""
        try:
            lon, lat = float(self.lon), float(self.lat)
        except ValueError:
            return None
        return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None

    @property
    def category_code(self) -> str | None:
        return self.category if self.category not in {"", UNKNOWN} else None

    def texts(self) -> dict[str, str]:
        """Each box and what is in it, as the next page carries it."""
        plain = {name: getattr(self, name) for name in ("object", *_CODES, "spot_for", *LONGEST)}
        answers = {f"{_ANSWER}{key}": text for key, text in self.answers.items()}
        return plain | answers | {TOKENS: " ".join(self.files)}


def new_draft() -> Draft:
    return Draft(key=secrets.token_urlsafe(24))


def read_draft(form: MultiDict[str, str]) -> Draft:
    """The draft as the page sent it; a key that is not one of ours is replaced."""
    key = form.get("key", "")
    draft = Draft(
        key=key if _KEY.fullmatch(key) else secrets.token_urlsafe(24),
        object=clean(form.get("object", "")),
        answers={
            name.removeprefix(_ANSWER): clean(text)
            for name, text in form.items()
            if name.startswith(_ANSWER) and clean(text)
        },
        spot_for=clean(form.get("spot_for", "")),
        files=carried_tokens(form.get(TOKENS, "")),
        trap=form.get("website", ""),
        **{name: clean(form.get(name, "")) for name in (*_CODES, *LONGEST)},
    )
    if form.get("no_point"):
        draft = replace(draft, lon="", lat="")
    return draft if draft.spot_for == draft.sought else replace(draft, spot="", spot_for="")
