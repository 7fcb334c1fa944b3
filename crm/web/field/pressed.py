"""What a form of the ground says: read once, whichever door it comes by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask import request

from crm.cases import metres
from crm.cases.ground import Save, true_hour
from crm.foundation import Invalid
from crm.http import Taken, take_files, whole_number, wiring
from crm.http import gettext as _
from crm.http.dates import full_day, moment
from crm.web.field.places import Spot, here

SHORTEST_KEY = 16


def is_key(key: str) -> bool:
    return SHORTEST_KEY <= len(key) <= 64 and key.isascii()


def photos(spot: Spot) -> tuple[Taken, Taken]:
    """Before the work, and after."""
    return (
        take_files(spot.subject, files="before", tokens="staged_before"),
        take_files(spot.subject),
    )


def read_save(spot: Spot, before: tuple[str, ...], after: tuple[str, ...]) -> Save:
    """
    Raises:
        Invalid: a day that is none.
    """
    act, pressed_at = _text("act"), _moment(_text("pressed_at"))
    note, day = _note(act), _day(_text("planned_on"))
    at = true_hour(pressed_at, spot.asked_at, wiring().clock.now())
    return Save(
        key=_text("key"),
        reference=spot.reference,
        number=spot.number,
        act=act,
        seen_version=whole_number(request.form.get("seen_version")) or 0,
        words=_words(act, note, day, at),
        note=note,
        planned_on=day,
        no_photo=_text("no_photo"),
        pressed_at=pressed_at,
        metres=_away(spot),
        before=before,
        after=after,
    )


def missing_things() -> Mapping[str, str]:
    """One tap says what the lead must find; the note says the rest."""
    return {
        "trade": _("Un autre métier"),
        "machine": _("Un engin ou du matériel"),
        "hands": _("Du renfort"),
        "access": _("Un accès, une clé, une autorisation"),
    }


def _text(name: str) -> str:
    return request.form.get(name, "").strip()


def _note(act: str) -> str:
    typed = _text("note")
    missing = missing_things().get(_text("missing"), "") if act == "need" else ""
    return " — ".join(filter(None, (missing, typed)))


def _words(act: str, note: str, day: date | None, at: datetime) -> str:
    """When somebody went there is part of « rien constaté »: the usager may say it was the wrong moment."""
    said = {
        "on_the_way": _("En route."),
        "done": "" if note else _("Fait sur place."),
        "secured": _("Mis en sécurité ; réparation le %(day)s.", day=full_day(day)) if day else "",
        "nothing_found": _("Passage le %(moment)s : rien constaté.", moment=moment(at)),
        "need": "" if note else _("Besoin d’autre chose."),
    }
    return f"{said[act]} {note}".strip()


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Invalid({"planned_on": "not_a_date"}) from None


def _moment(typed: str) -> datetime | None:
    """With its offset, or not at all."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _away(spot: Spot) -> int | None:
    """How far from the place, in hundreds of metres: the position itself is kept nowhere."""
    at = here(_text("lon"), _text("lat"))
    if at is None or spot.lon is None or spot.lat is None:
        return None
    return max(100, round(metres(*at, spot.lon, spot.lat) / 100) * 100)
