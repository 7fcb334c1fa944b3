"""What a space shows: each demand in plain words, the ways to reach its owner, their data as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.cases import OwnDemand, own_demands
from crm.contacts import ContactCard, contact_cards, contacts_at, masked
from crm.http import gettext as _
from crm.http import reading, wiring
from crm.http.wording import wording
from crm.portal.words import category_name


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


def ways(cards: Mapping[int, ContactCard]) -> list[str]:
    """How we may reach them. Of a mailbox that several share, nobody reads the others' numbers."""
    return [point.display for card in _readable(cards) for point in card.points]


def own_data(email: str) -> dict[str, Any]:
    with reading() as session:
        ids = contacts_at(session, "email", email)
        cards, demands = contact_cards(session, ids), own_demands(session, ids)
    return {
        "email": email,
        "contacts": [
            {
                "name": card.display_name,
                "language": card.language,
                "preferred_channel": card.preferred_channel or None,
                "since": card.created_at.isoformat(),
                "points": [{"kind": point.kind, "value": point.display} for point in card.points],
            }
            for card in _readable(cards)
        ],
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
    }


def _readable(cards: Mapping[int, ContactCard]) -> list[ContactCard]:
    return list(cards.values()) if len(cards) == 1 else [masked(card) for card in cards.values()]
