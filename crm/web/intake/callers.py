"""Whoever is on the line: name to confirm, last demands, usual place, what they answered before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from crm import contacts
from crm.access import Permission
from crm.cases import (
    KnownDemand,
    answered_before,
    demands_of_caller,
    known_contacts,
    see_contact,
    usual_place,
)
from crm.http import language, needs, reading, unit_of_work, whole_number, wiring
from crm.web.contacts.saying import NeedSaid, needs_said
from crm.web.intake.blueprint import bp
from crm.web.intake.forms import answers_in, place_in
from crm.web.sms_refused import refused_of_form

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """A usager that this agent may know. `demands` are the last ones within reach."""

    card: contacts.ContactCard
    demands: tuple[KnownDemand, ...]
    support: contacts.SupportNeeds

    @property
    def needs(self) -> list[NeedSaid]:
        return needs_said(self.support)

    @property
    def last(self) -> tuple[KnownDemand, ...]:
        return self.demands[:_SHOWN]

    @property
    def place(self) -> KnownDemand | None:
        return usual_place(self.demands)

    @property
    def channel(self) -> str:
        """How they like to be answered, what their needs ask for, how they were the last time; empty when
        nobody knows.
        """
        used = (demand.answer_channel for demand in self.demands if demand.answer_channel != "none")
        return self.card.preferred_channel or self.support.channel or next(used, "")


def card_of(session: Session, chosen: str | None) -> contacts.ContactCard | None:
    """The usager chosen in the form, unless there is none that this agent may know."""
    contact_id = whole_number(chosen)
    if contact_id is None or not known_contacts(session, current_user.actor, [contact_id]):
        return None
    return contacts.contact_cards(session, [contact_id]).get(contact_id)


def caller_of(session: Session, chosen: str | None) -> Caller | None:
    card = card_of(session, chosen)
    if card is None:
        return None
    demands = tuple(demands_of_caller(session, current_user.actor, card.id))
    return Caller(card, demands, contacts.support_needs(session, card.id))


def note_shown(caller: Caller | None) -> None:
    """The panel tells as much as the sheet does: it is kept who read it."""
    if caller is not None:
        with unit_of_work() as uow:
            see_contact(uow, caller.card.id, "intake")


@bp.post("/aides/usager")
@needs(Permission.CONTACT_VIEW)
def person() -> str:
    with reading() as session:
        caller = caller_of(session, request.form.get("contact"))
    note_shown(caller)
    return render_template("web/intake/_person.html", caller=caller)


@bp.post("/aides/sms")
@needs(Permission.CASE_CREATE)
def sms_refused() -> str:
    """Does the number chosen, or typed, want SMS? Nothing is asked of the database for another way."""
    form = request.form
    if form.get("answer_channel") != "sms":
        return ""
    with reading() as session:
        said = refused_of_form(session, form, card_of(session, form.get("contact")))
    return render_template("web/intake/_no_sms.html", no_sms=said)


@bp.post("/aides/questions")
@needs(Permission.CASE_CREATE)
def questions() -> str:
    """The category's own questions, with what was answered already, now or the last time."""
    form = request.form
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.in_use(form.get("category") or form.get("any_category"))
    with reading() as session:
        before = _before(session, form) if category and category.questions else None
    return render_template(
        "web/intake/_questions.html",
        category=category,
        wrong=defaultdict(str),
        english=language() == "en",
        **answers_proposed(form, before),
    )


def answers_proposed(form: Mapping[str, str], before: KnownDemand | None) -> dict[str, Any]:
    """The answers to show, and which of them come from an earlier demand.

    An answer that was proposed, then emptied, stays empty: `proposed` remembers it.
    """
    given = answers_in(form)
    refused = {key for key in form.get("proposed", "").split() if key not in given}
    old = {key: text for key, text in (before.answers if before else {}).items() if key not in refused}
    kept = {key: text for key, text in old.items() if given.get(key, text) == text}
    return {
        "given": {**old, **given},
        "proposed": sorted({*kept, *refused}),
        "repeated": frozenset(kept),
        "since": before.received_at if before else None,
    }


def _before(session: Session, form: Mapping[str, str]) -> KnownDemand | None:
    contact_id, place = whole_number(form.get("contact", "")), place_in(form)
    code = form.get("category") or form.get("any_category") or ""
    if contact_id is None or not known_contacts(session, current_user.actor, [contact_id]):
        return None
    demands = demands_of_caller(session, current_user.actor, contact_id)
    return answered_before(
        demands, code, address_id=place.address_id, street_id=place.street_id, label=place.text
    )
