"""What a space shows: each demand in plain words, what we hold of its owner, the same as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.cases import OwnDemand, own_demands
from crm.contacts import SUPPORT_NEEDS, ContactCard, contact_cards, contacts_at, masked
from crm.http import gettext as _
from crm.http import reading, wiring
from crm.http.wording import wording
from crm.interactions import own_exchanges
from crm.portal.words import category_name
from crm.space import own_sheet


@dataclass(frozen=True, slots=True)
class DemandLine:
    reference: str
    token: str
    title: str
    object: str
    received_at: datetime
    standing: str
    is_ended: bool


def demand_lines(demands: Sequence[OwnDemand]) -> list[DemandLine]:
    catalogue, _index = wiring().rulebooks.categories()
    return [
        DemandLine(
            one.reference,
            one.token,
            category_name(catalogue, one.category_code) or _("Votre demande"),
            one.object,
            one.received_at,
            wording(one.step, "step"),
            one.is_ended,
        )
        for one in demands
    ]


@dataclass(frozen=True, slots=True)
class Held:
    """What the page of one's data shows.

    Args:
        sheets: one for each person reached at this mailbox; of several, half hidden.
        alone: one person alone is reached there.
        exchanges: how many we keep; counted only for whoever is alone.
    """

    email: str
    sheets: tuple[ContactCard, ...]
    demands: int
    alone: bool
    needs: tuple[str, ...]
    exchanges: int


def held_of(email: str) -> Held:
    with reading() as session:
        ids = contacts_at(session, "email", email)
        cards, demands = contact_cards(session, ids), own_demands(session, ids)
        sheet = own_sheet(session, email)
        said = len(own_exchanges(session, sheet.card.id)) if sheet else 0
    words = needs_in_words()
    return Held(
        email=email,
        sheets=tuple(_readable(cards)),
        demands=len(demands),
        alone=sheet is not None,
        needs=tuple(words[code] for code in sheet.needs.codes) if sheet else (),
        exchanges=said,
    )


def needs_in_words() -> dict[str, str]:
    """In the words of whoever needs it."""
    words = {
        "prefers_phone": _("Je préfère le téléphone"),
        "interpreter": _("J’ai besoin d’un interprète"),
        "reading": _("Je lis difficilement"),
        "cannot_travel": _("Je ne peux pas me déplacer"),
        "carer": _("Un proche ou un mandataire m’aide"),
    }
    return {code: words[code] for code in SUPPORT_NEEDS}


def own_data(email: str) -> dict[str, Any]:
    """Exchanges and needs only of whoever is alone behind the mailbox: nobody reads another's."""
    with reading() as session:
        ids = contacts_at(session, "email", email)
        cards, demands = contact_cards(session, ids), own_demands(session, ids)
        sheet = own_sheet(session, email)
        said = own_exchanges(session, sheet.card.id) if sheet else []
    return {
        "email": email,
        "contacts": [_contact(card) for card in _readable(cards)],
        "support_needs": list(sheet.needs.codes) if sheet else [],
        "interpreter": sheet.needs.language if sheet else "",
        "demands": [
            {
                "reference": one.reference,
                "object": one.object,
                "category": one.category_code,
                "channel": one.channel,
                "received_at": one.received_at.isoformat(),
                "step": str(one.step),
            }
            for one in demands
        ],
        "exchanges": [
            {
                "at": one.occurred_at.isoformat(),
                "from": "you" if one.direction == "in" else "us",
                "channel": one.channel,
                "kind": one.kind,
                "subject": one.subject,
                "words": one.body,
            }
            for one in said
        ],
    }


def _contact(card: ContactCard) -> dict[str, Any]:
    return {
        "name": card.display_name,
        "language": card.language,
        "preferred_channel": card.preferred_channel or None,
        "refuses": [name for name in ("surveys", "steps", "news") if getattr(card, f"no_{name}")],
        "since": card.created_at.isoformat(),
        "points": [
            {
                "kind": point.kind,
                "value": point.display,
                "verified": point.is_verified,
                "refuses_sms": point.no_sms,
            }
            for point in card.points
        ],
    }


def _readable(cards: Mapping[int, ContactCard]) -> list[ContactCard]:
    """Of a mailbox that several share, nobody reads the others' numbers."""
    return list(cards.values()) if len(cards) == 1 else [masked(card) for card in cards.values()]
