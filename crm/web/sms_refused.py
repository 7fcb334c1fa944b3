"""An SMS chosen for a number that wants none: said beside the choice, with what happens instead."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.contacts import ContactCard, contact_card, normalise_phone, numbers_refusing_sms
from crm.http import gettext as _
from crm.notifications import reach_of, reachable


def refused_of_form(session: Session, typed: Mapping[str, str], card: ContactCard | None) -> str:
    """What to say of the choice of a form; empty when an SMS serves, or another way was chosen.

    Args:
        typed: its `answer_channel`, `phone` and `email`.
        card: of the usager chosen in it.
    """
    if typed.get("answer_channel") != "sms":
        return ""
    number = normalise_phone(typed.get("phone") or "").e164
    if number and number not in numbers_refusing_sms(session, [number]):
        return ""
    if not number and not _refuses(card):
        return ""
    way = reachable(card, "sms")[0]
    if way in {"", "phone"} and "@" in (typed.get("email") or ""):
        way = "email"
    elif not way and number:
        way = "phone" if card else "unsure"
    return f"{_said(way)} {_('Choisissez un autre moyen si l’usager le préfère.')}"


def refused_of_case(session: Session, case: CaseSheet) -> str:
    """The same of a demand that was just entered."""
    if case.answer_channel != "sms" or not case.contact_id:
        return ""
    return refused_on_case(case, contact_card(session, case.contact_id))


def refused_on_case(case: CaseSheet, card: ContactCard | None) -> str:
    if case.answer_channel != "sms" or not _refuses(card):
        return ""
    way, where = reach_of(case, card, "sms")
    return "" if where and where == case.answer_to else _said(way)


def _refuses(card: ContactCard | None) -> bool:
    return card is not None and any(point.no_sms for point in card.points)


def _said(way: str) -> str:
    instead = {
        "sms": _("Les SMS partiront à un autre de ses numéros."),
        "email": _("La réponse partira par courriel."),
        "letter": _("La réponse partira par courrier postal."),
        "phone": _("La réponse sera donnée par téléphone."),
        "unsure": _("La réponse prendra un autre moyen de sa fiche, sinon le téléphone."),
    }
    other = instead.get(way) or _("Aucun autre moyen n’est connu : demandez-en un à l’usager.")
    return f"{_('Ce numéro ne veut plus de SMS : aucun n’y partira.')} {other}"
