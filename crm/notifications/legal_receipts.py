"""Receipts of the law, made out once each: the copy kept, the clock started, the message queued.

The message that registers a demand is its acknowledgement too when it carries every mention; else it only
registers, and the acknowledgement follows as soon as it can say them all.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.cases import CaseSheet
from crm.catalogue import CategoryCard, category_card
from crm.contacts import ContactCard, contact_card
from crm.deadlines import Calendar, acknowledgement_clock, registration_clock
from crm.foundation import UnitOfWork
from crm.foundation.settings import Centre
from crm.interactions import Message, queue_message
from crm.knowledge import ACKNOWLEDGEMENT, REGISTRATION, missing_in
from crm.notifications.composing import compose
from crm.notifications.events import ReceiptHeldBack
from crm.notifications.filling import Draft, text_for
from crm.notifications.models import Receipt, ReceiptClock
from crm.notifications.owed import NOT_OURS, Owed, owed, silence_values
from crm.notifications.reaching import BY_ITSELF, by_itself, reach_of, reachable
from crm.notifications.receipts import receipt_held_back
from crm.notifications.restrained import may_leave
from crm.notifications.saying import Day, Values, say
from crm.notifications.wording import in_words
from crm.staff import UnitCard, unit_card

_CLOCKS = {REGISTRATION: registration_clock, ACKNOWLEDGEMENT: acknowledgement_clock}
_ROWS = cast(sa.Table, Receipt.__table__)
_RUNNING = cast(sa.Table, ReceiptClock.__table__)


@dataclass(frozen=True, slots=True)
class Known:
    """A demand and what a receipt must say of it."""

    centre: Centre
    case: CaseSheet
    card: ContactCard | None
    category: CategoryCard | None
    unit: UnitCard | None

    @property
    def regime(self) -> str:
        return self.category.decision_regime if self.category else "none"

    def missing_in(self, text: str) -> tuple[str, ...]:
        """Codes of the mentions of an acknowledgement that a text does not carry."""
        return missing_in(
            text, self.values(), self.regime, self.category.decision_months if self.category else 0
        )

    def values(self) -> dict[str, str]:
        """The mentions, as a letter writes them."""
        unit = self.unit
        return {
            "received_date": in_words(self.case.received_at),
            "unit": unit.name if unit else "",
            "unit_phone": unit.phone if unit else "",
            "unit_address": unit.address if unit else "",
            "unit_email": unit.email if unit else "",
            **say(silence_values(self.case.received_at, self.category), "fr", "letter"),
        }


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the receipt and what it is, or the code of what stands in the way."""

    receipt_id: int | None = None
    nature: str = ""
    why: str = ""


def known_of(uow: UnitOfWork, centre: Centre, case: CaseSheet) -> Known:
    session = uow.session
    return Known(
        centre,
        case,
        contact_card(session, case.contact_id) if case.contact_id is not None else None,
        category_card(session, case.category_code) if case.category_code else None,
        unit_card(session, case.unit_id) if case.unit_id is not None else None,
    )


def begin_receipts(uow: UnitOfWork, centre: Centre, calendar: Calendar, case: CaseSheet) -> Owed:
    """At the opening: what is told at once, the clocks of what is owed. Returns that, or why nothing is."""
    require(uow.actor, Permission.MESSAGE_SEND)
    known = known_of(uow, centre, case)
    due = owed(case, known.card, known.regime)
    first = make_registration(uow, known)
    later = first
    if ACKNOWLEDGEMENT in due.natures and first.nature != ACKNOWLEDGEMENT:
        later = make_acknowledgement(uow, known)
    for nature in due.natures:
        made = first if nature == REGISTRATION and first.receipt_id else later
        _start_clock(uow, calendar, case, nature, made)
    return due


def owe_again(uow: UnitOfWork, centre: Centre, calendar: Calendar, case: CaseSheet) -> None:
    """What was another's is ours: from today its acknowledgement is owed by us (CRPA L114-3).

    It is made out with those that are missing, once a service has the demand. What never was another's has
    had its clocks since it was registered.
    """
    require(uow.actor, Permission.MESSAGE_SEND)
    known = known_of(uow, centre, case)
    if ACKNOWLEDGEMENT not in owed(case, known.card, known.regime).natures:
        return
    if case.routing.get("kind") in NOT_OURS:
        _start_clock(uow, calendar, case, ACKNOWLEDGEMENT, Made(why="no_unit"), since=uow.now)
    clock, c = acknowledgement_clock(calendar, uow.now), _RUNNING.c
    given_up = sa.update(_RUNNING).where(
        c.case_id == case.id, c.nature == ACKNOWLEDGEMENT, c.waived == "referred", c.met_at.is_(None)
    )
    uow.session.execute(
        given_up.values(waived=None, why="no_unit", alert_at=clock.alert_at, due_at=clock.due_at)
    )


def make_registration(uow: UnitOfWork, known: Known) -> Made:
    """By the channel that the usager chose; nothing for who chose none, or too many for one address."""
    case, token = known.case, token_urlsafe(24)
    message = compose(
        uow.session, known.centre, case, REGISTRATION, uow.now, also=_page_link(known.centre, token)
    )
    if message is None:
        return Made(why="no_way" if may_leave(case, REGISTRATION) else "untold")
    if receipt_held_back(uow.session, case, message.channel, message.recipient, uow.now):
        uow.record(ReceiptHeldBack(subject_id=case.id))
        return Made(why="held_back")
    return _send(uow, known, message, token)


def make_acknowledgement(uow: UnitOfWork, known: Known) -> Made:
    """With every mention, by writing: the channel chosen if it is one, else e-mail, else a letter."""
    case, token = known.case, token_urlsafe(24)
    if not may_leave(case, ACKNOWLEDGEMENT):
        return Made(why="untold")
    if known.unit is None:
        return Made(why="no_unit")
    way, recipient = _written_way(known)
    if not way:
        return Made(why="no_way")
    ready = _text(uow, known, ACKNOWLEDGEMENT, way, token)
    if not ready.body:
        return Made(why="no_template")
    whole = _whole(uow, known, ACKNOWLEDGEMENT, way, token, ready)
    if missing := known.missing_in(whole.body):
        return Made(why=f"lacks_{missing[0]}")
    message = Message(
        kind=ACKNOWLEDGEMENT,
        channel=way,
        recipient=recipient,
        subject=ready.subject,
        body=ready.body,
        contact_id=case.contact_id,
    )
    return _send(uow, known, message, token)


def _send(uow: UnitOfWork, known: Known, message: Message, token: str) -> Made:
    """Queue it and keep its copy. The same receipt of the same demand is made out once."""
    sent = Draft(channel=message.channel, recipient="", subject=message.subject, body=message.body)
    whole = _whole(uow, known, message.kind, message.channel, token, sent)
    missing = known.missing_in(whole.body)
    nature = REGISTRATION if missing else ACKNOWLEDGEMENT
    interaction_id = queue_message(uow, known.case, known.case.id, message)
    kept = insert(_ROWS).values(
        case_id=known.case.id,
        nature=nature,
        token=token,
        channel=message.channel,
        recipient=message.recipient,
        subject=whole.subject,
        body=whole.body,
        sha256=fingerprint(whole.subject, whole.body),
        missing=list(missing),
        received_at=known.case.received_at,
        made_at=uow.now,
        interaction_id=interaction_id,
    )
    return Made(uow.session.execute(kept.returning(_ROWS.c.id)).scalar_one(), nature)


def fingerprint(subject: str, body: str) -> str:
    """SHA-256 of the subject, an empty line and the body: whoever holds a copy can reckon it again."""
    return hashlib.sha256(f"{subject}\n\n{body}".encode()).hexdigest()


def _whole(uow: UnitOfWork, known: Known, kind: str, way: str, token: str, sent: Draft) -> Draft:
    """What the usager can read of it: an SMS only gives the link to it."""
    if way != "sms":
        return sent
    full = _text(uow, known, kind, "email", token)
    return full if full.body else sent


def _text(uow: UnitOfWork, known: Known, kind: str, way: str, token: str) -> Draft:
    extra: Values = {"today": Day(uow.now), **_page_link(known.centre, token)}
    told, language = replace(known.case, outcome=None), known.card.language if known.card else "fr"
    return text_for(uow.session, known.centre, told, kind, way, extra, language=language)


def _page_link(centre: Centre, token: str) -> dict[str, str]:
    return {"receipt_link": f"{centre.site_url.rstrip('/')}/accuse/{token}"}


def _written_way(known: Known) -> tuple[str, str]:
    case, card = known.case, known.card
    ways = by_itself(case, card)
    if case.answer_channel in BY_ITSELF:
        return reach_of(case, card, case.answer_channel, among=ways)
    return reachable(card, "email", among=ways)


def _start_clock(
    uow: UnitOfWork,
    calendar: Calendar,
    case: CaseSheet,
    nature: str,
    made: Made,
    *,
    since: datetime | None = None,
) -> None:
    clock = _CLOCKS[nature](calendar, since or case.received_at)
    started = insert(_RUNNING).values(
        case_id=case.id,
        nature=nature,
        received_at=case.received_at,
        alert_at=clock.alert_at,
        due_at=clock.due_at,
        receipt_id=made.receipt_id,
        why=made.why,
    )
    uow.session.execute(started.on_conflict_do_nothing())
