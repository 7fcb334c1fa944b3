"""The place by lists: the commune, the letter, the street. For those who cannot spell it; no script."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from crm.foundation import clean
from crm.http import gettext as _
from crm.portal.report.draft import LONGEST, Draft
from crm.territory import StreetLine, offered, streets_of

PICK = "rue"  # what the button says that leads here, and the page that comes back
_IN_ONE_LIST = 60  # streets; beyond, a letter is asked first


def shown(session: Session, draft: Draft, form: MultiDict[str, str]) -> dict[str, Any]:
    """What the page of the lists shows, as far as the person has come."""
    lines = offered(session)
    known = next((line for line in lines if line.insee == draft.insee), None)
    streets = streets_of(session, known.insee) if known else []
    initials = sorted({line.initial for line in streets}) if len(streets) > _IN_ONE_LIST else []
    initial = form.get("initial", "")[:1].upper()
    in_list = _of_initial(streets, initials, initial)
    return {
        "communes": [{"value": line.insee, "label": line.name} for line in lines],
        "commune": known.name if known else "",
        "initials": initials,
        "initial": initial if initial in initials else "",
        "streets": [{"value": line.id, "label": line.name} for line in in_list],
        "house_number": form.get("number", "")[:20],
    }


def _of_initial(streets: list[StreetLine], initials: list[str], initial: str) -> list[StreetLine]:
    if not initials:
        return streets
    return [line for line in streets if line.initial == initial]


def picked(session: Session, draft: Draft, form: MultiDict[str, str]) -> Draft | dict[str, str]:
    """The draft with the street chosen; or what is still to choose."""
    wanted = form.get("street", "")
    known = next((line for line in offered(session) if line.insee == draft.insee), None)
    if known is None:
        return {"insee": _("Choisissez la commune.")}
    street = next((line for line in streets_of(session, known.insee) if str(line.id) == wanted), None)
    if street is None:
        return {"street": _("Choisissez la rue.")}
    number = clean(form.get("number", ""))[:20]
    place = f"{number} {street.name}, {known.name}".strip()[: LONGEST["place"]]
    return replace(
        draft, place=place, spot="" if number else f"s{street.id}", spot_for=f"{known.insee}|{place}"
    )
