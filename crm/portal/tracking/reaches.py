"""Where somebody is answered: checked as they type it, half hidden as it is shown."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from email_validator import EmailNotValidError
from werkzeug.datastructures import MultiDict

from crm.cases import NewWay
from crm.contacts import ContactCard, mask_email, mask_phone, normalise_email, normalise_phone
from crm.foundation import clean
from crm.http import gettext as _
from crm.http import reason
from crm.notifications import reachable

BOX_OF = {"email": "email", "sms": "phone", "phone": "phone", "letter": "postal"}
_LONGEST_LETTER = 600
_POSTCODE = re.compile(r"\b\d{5}\b[ \t]*([^\n\d]*)")


@dataclass(frozen=True, slots=True)
class Asked:
    """
    Args:
        way: what was chosen, when it is sound.
        is_new: an e-mail or a number was typed that we did not know.
    """

    way: NewWay | None
    is_new: bool
    errors: dict[str, str]


def masked_reach(way: str, reach: str) -> str:
    if way == "email":
        return mask_email(reach)
    if way in {"sms", "phone"}:
        return mask_phone(reach)
    found = _POSTCODE.search(reach)
    return found.group().strip() if found else ""


def known_ways(card: ContactCard | None, ways: tuple[str, ...]) -> dict[str, str]:
    """Way → where, half hidden, for those by which the usager can be reached already."""
    known = {way: reachable(card, way) for way in ways}
    return {way: masked_reach(way, reach) for way, (found, reach) in known.items() if found == way}


def asked(form: MultiDict[str, str], card: ContactCard | None, ways: tuple[str, ...]) -> Asked:
    """What the form says, checked against what we know."""
    channel = form.get("way", "")
    if channel not in ways:
        return Asked(None, False, {"way": _("Choisissez comment vous voulez notre réponse.")})
    box = BOX_OF[channel]
    typed = clean(form.get(box, ""))
    known = reachable(card, channel)
    if not typed:
        if known[0] == channel:
            return Asked(NewWay(channel=channel), False, {})
        return Asked(None, False, {box: reason("required")})
    reach, error = _checked(channel, typed, clean(form.get("name", "")), card)
    if error:
        return Asked(None, False, {box: error})
    is_new = reach != known[1]
    return Asked(NewWay(channel=channel, reach=reach if is_new else ""), is_new, {})


def _checked(channel: str, typed: str, name: str, card: ContactCard | None) -> tuple[str, str]:
    """The reach as it is kept, or what to do."""
    if channel == "email":
        with suppress(EmailNotValidError):
            return normalise_email(typed[:320]), ""
        return "", reason("email")
    if channel in {"sms", "phone"}:
        e164 = normalise_phone(typed).e164
        return e164 or "", "" if e164 else reason("phone")
    if len(typed) > _LONGEST_LETTER or not _POSTCODE.search(typed):
        return "", _("Écrivez l’adresse en entier, avec le code postal et la ville.")
    to = card.display_name if card and card.display_name else name
    if not to:
        return "", _("Écrivez aussi votre nom : il figure sur l’enveloppe.")
    return f"{to}\n{typed}", ""
