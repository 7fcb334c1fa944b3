"""What of a calendar cannot be read, said of each box in the words of the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from crm.http import gettext as _
from crm.web.calendars.saying import weekday_words

_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_SLOT = re.compile(rf"({_CLOCK})-({_CLOCK})")


def wrong_boxes(written: Mapping[str, Any]) -> dict[str, str]:
    """Box → what to write in it, for all of them at once."""
    wrong: dict[str, str] = {}
    for kind in ("service", "opening"):
        for day, slots in written[f"{kind}_hours"].items():
            if said := _of_day(slots):
                wrong[f"{kind}-{day}"] = f"{weekday_words()[day]} : {said}"
    if not any(written["service_hours"].values()):
        wrong["service-monday"] = _("Donnez des heures de service à un jour au moins.")
    return {**wrong, **_of_hours(written)}


def _of_day(slots: Sequence[str]) -> str:
    read = [_SLOT.fullmatch(slot) for slot in slots]
    if not all(read):
        return _("écrivez les heures comme 8 h - 12 h, 13 h 30 - 17 h 30.")
    hours = [slot.groups() for slot in read if slot]
    if any(begins >= ends for begins, ends in hours) or any(
        ends > begins for (_begun, ends), (begins, _ended) in pairwise(hours)
    ):
        return _(
            "chaque plage finit après son début et avant la suivante, comme 8 h - 12 h, 13 h 30 - 17 h 30."
        )
    return ""


def _of_hours(written: Mapping[str, Any]) -> dict[str, str]:
    named = {
        "cut_off": _("Une demande compte pour le jour même avant"),
        "end_of_service": _("Une échéance se termine à"),
    }
    wrong = {
        box: _("%(box)s : écrivez une heure comme 17 h 30.", box=label)
        for box, label in named.items()
        if not re.fullmatch(rf"{_CLOCK}(?::00)?", str(written.get(box, "17:00")))
    }
    if not wrong and written.get("cut_off", "17:00") > written.get("end_of_service", "18:00"):
        wrong["cut_off"] = _(
            "Une demande compte pour le jour même avant la fin de service : donnez une heure plus tôt."
        )
    if written.get("urgent_hours", 4) < 1:
        wrong["urgent_hours"] = _("Délai d’une mise en sécurité : écrivez un nombre d’heures, 1 au moins.")
    return wrong
