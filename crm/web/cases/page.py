"""All that the page of a case shows, in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session

from crm import contacts
from crm.access import Permission, allows
from crm.appointments import AppointmentCard, appointments_to_come
from crm.attachments import files_of_case
from crm.cases import (
    WITH_UNIT,
    CaseSheet,
    CaseState,
    Other,
    Step,
    body_to_tell,
    choosable,
    incident_of,
    one_case,
    others_of,
    steps_from,
    to_locate,
)
from crm.catalogue import Category
from crm.deadlines import silence_decides_on
from crm.http import gettext as _
from crm.http import wiring, wording
from crm.http.answers import told_answers
from crm.http.dates import moment
from crm.http.wording_deliveries import delivered_words, sending_words
from crm.interactions import KINDS, Exchange, exchanges
from crm.staff import agent_names
from crm.trail import TrailEntry, mentioned, sentence, timeline, who
from crm.web.cases.pausing import adapted_in_words, ended_unanswered, pause_of
from crm.web.cases.saying import say
from crm.web.cases.sending_back import right_unit, unit_proposed
from crm.web.cases.talking import talk_of
from crm.web.cases.verbs import may_send, verbs_beside
from crm.web.contacts.saying import NeedSaid, needs_said
from crm.web.explaining import category_label, kept_reasons, names, reasons_in_words, unit_name
from crm.web.together.moves import moves_of

_OF_THE_RESIDENT = frozenset({"reply"})
_SENDING = frozenset({"route", "refer"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline."""

    at: datetime
    when: str
    iso: str
    text: str
    who: str
    body: str = ""
    tone: str = ""
    note: str = ""
    id: int = 0  # of the fact


def steps_offered(case: CaseSheet) -> list[Step]:
    """The buttons: what the lifecycle allows from here, and this agent may do."""
    actor = current_user.actor
    return [
        step
        for step in steps_from(case.state, has_unit=case.unit_id is not None)
        if step.verb not in _OF_THE_RESIDENT and allows(actor, step.permission, case)
        if step.verb not in _SENDING or may_send(case)
    ]


def page_of(session: Session, reference: str, *, most: int | None = None) -> dict[str, Any]:
    """
    Args:
        most: lines of the thread to show, the latest ones; None: all.

    Raises:
        NotFound: no such case, or out of reach.
    """
    actor = current_user.actor
    case = one_case(session, actor, reference)
    catalogue = wiring().rulebooks.current().catalogue
    category = catalogue.category(case.category_code) if case.category_code else None
    steps = steps_offered(case)
    said = exchanges(session, case.id)
    facts = timeline(session, "case", case.id)
    shown, told = _shown(facts, said), _names(session, facts)
    talk = {exchange.id: exchange for exchange in said}
    lines = [_line(fact, talk.get(_exchange_id(fact)), told) for fact in shown[:most]]
    return {
        "case": case,
        "category": category,
        "category_label": category_label(case.category_code),
        "unit": wiring().rulebooks.units().get(case.unit_id or 0),
        "units": [card for card in wiring().rulebooks.units().values() if card.is_active],
        "reasons": reasons_in_words(kept_reasons(case.routing), names()),
        "card": (card := _card(session, case)),
        "others": _others(session, case),
        "to_locate": _to_locate(case, category),
        "silence_on": _silence_on(case, category),
        "lines": lines,
        "older_lines": len(shown) - len(lines),
        "seen_fact": max((line.id for line in lines), default=0),
        "talk": talk_of(case, said, card),
        "followed_by": told.get(("agent", case.accepted_by_id or 0), ""),
        "on_the_ground": actor.roles <= {"field_agent"},
        "steps": {step.verb for step in steps} | verbs_beside(case),
        "answers": told_answers(category, case.answers, catalogue.categories.values()),
        "files": files_of_case(session, case.id),
        "limits": wiring().settings.files,
        **_rights(case),
        **_time_given(session, case, category, facts, said),
        **_around(session, case, facts, {step.verb for step in steps}),
        "now": wiring().clock.now(),
    }


def _around(session: Session, case: CaseSheet, facts: list[TrailEntry], verbs: set[str]) -> dict[str, Any]:
    """Which unit it may be for, whether one person alone decides it; its incident."""
    return {
        "incident": incident_of(session, case.id) if _had(facts, "incident.") else None,
        "to_come": _to_come(session, case, facts),
        "moves": moves_of(case),
        "proposed_unit": unit_proposed(case, facts),
        "body_to_tell": wiring().rulebooks.units().get(body_to_tell(case) or 0),
        "right_unit": right_unit(session, case) if "bounce" in verbs else None,
        "for_a_coordinator": case.state == CaseState.REGISTERED and not may_send(case),
    }


def _rights(case: CaseSheet) -> dict[str, bool]:
    asked = {
        "may_merge": Permission.CASE_MERGE,
        "may_note": Permission.CASE_NOTE,
        "may_edit": Permission.CASE_EDIT,
        "may_reveal": Permission.CONTACT_REVEAL,
    }
    rights = {name: allows(current_user.actor, right, case) for name, right in asked.items()}
    return rights | {
        "may_ask_order": case.state in WITH_UNIT and allows(current_user.actor, Permission.ORDER_ASK, case),
        "may_read_receipts": case.contact_id is not None
        and allows(current_user.actor, Permission.CONTACT_VIEW, case),
    }


def _card(session: Session, case: CaseSheet) -> contacts.ContactCard | None:
    """Whole for the relation side; masked for whoever only has work to do there."""
    if case.contact_id is None:
        return None
    card = contacts.contact_card(session, case.contact_id)
    if card is None or allows(current_user.actor, Permission.CONTACT_VIEW, case):
        return card
    return contacts.masked(card)


def _needs(session: Session, case: CaseSheet) -> tuple[bool, list[NeedSaid]]:
    """Whether delays are theirs, for everybody; which needs, for those who speak with the usager only."""
    if case.contact_id is None:
        return False, []
    kept = contacts.support_needs(session, case.contact_id)
    is_told = allows(current_user.actor, Permission.CONTACT_VIEW, case)
    return bool(kept), needs_said(kept) if is_told else []


def _time_given(
    session: Session,
    case: CaseSheet,
    category: Category | None,
    facts: list[TrailEntry],
    said: list[Exchange],
) -> dict[str, Any]:
    """What follows from the support they need: how long we wait for them, and when they did not reply."""
    has_needs, needs = _needs(session, case)
    unanswered = ended_unanswered(said, needs=has_needs)
    return {
        "needs": needs,
        "adapted": adapted_in_words() if needs else "",
        "pause": pause_of(session, case, facts, needs=has_needs),
        "outcomes": choosable(wiring().rulebooks.current().catalogue, category, unanswered=unanswered),
    }


def _to_locate(case: CaseSheet, category: Category | None) -> bool:
    asked = category is None or category.place != "none"
    return asked and case.closed_at is None and to_locate(case.place_label, case.place_precision)


def _silence_on(case: CaseSheet, category: Category | None) -> date | None:
    """When our silence becomes a decision, while we have not answered."""
    if category is None or not category.decision_months or case.answered_at is not None:
        return None
    return silence_decides_on(case.received_at, category.decision_months)


def _others(session: Session, case: CaseSheet) -> list[Other]:
    """For whom it is asked, or in which quality; masked for whoever only has work to do there."""
    others = others_of(session, case.id)
    if allows(current_user.actor, Permission.CONTACT_VIEW, case):
        return others
    return [replace(other, card=contacts.masked(other.card)) for other in others]


def _shown(facts: list[TrailEntry], said: list[Exchange]) -> list[TrailEntry]:
    """The thread, the latest first: an exchange stands once, under its main fact."""
    talk = {exchange.id: exchange for exchange in said}
    spoken_of = {id_ for fact in facts if fact.kind not in _ECHOES and (id_ := _exchange_id(fact))}
    return [fact for fact in reversed(facts) if not _is_echo(fact, spoken_of, talk.get(_exchange_id(fact)))]


def _had(facts: list[TrailEntry], kinds: str) -> bool:
    return any(fact.kind.startswith(kinds) for fact in facts)


def _to_come(session: Session, case: CaseSheet, facts: list[TrailEntry]) -> list[AppointmentCard]:
    may_change = allows(current_user.actor, Permission.APPOINTMENT_BOOK, case)
    asked = may_change and _had(facts, "appointment.")
    return appointments_to_come(session, case.id, wiring().clock.now()) if asked else []


def _is_echo(fact: TrailEntry, spoken_of: set[int], exchange: Exchange | None) -> bool:
    if fact.kind not in _ECHOES:
        return False
    wordless = exchange is not None and exchange.kind == "opening" and not exchange.body
    if wordless and exchange and exchange.seconds:
        return False  # how long the call lasted is told nowhere else
    sent_later = fact.kind == "message.queued" and exchange is not None and exchange.sent_at is not None
    return wordless or sent_later or _exchange_id(fact) in spoken_of


# Facts that only repeat, for the record, what another fact of the same exchange says better.
_ECHOES = frozenset({"note.added", "interaction.recorded", "message.queued", "message.sent"})


def _exchange_id(fact: TrailEntry) -> int:
    return int(fact.data.get("interaction_id") or 0)


def _names(session: Session, facts: list[TrailEntry]) -> dict[tuple[str, int], str]:
    found = mentioned(facts)
    known = {("agent", id_): name for id_, name in agent_names(session, found["agent"]).items()}
    organizations = {
        card.organization_id: card.organization_name for card in wiring().rulebooks.units().values()
    }
    return known | {
        ("organization", id_): organizations[id_] for id_ in found["organization"] & organizations.keys()
    }


def _line(fact: TrailEntry, exchange: Exchange | None, told: dict[tuple[str, int], str]) -> Line:
    return Line(
        at=fact.at,
        when=moment(fact.at),
        iso=fact.at.isoformat(),
        text=sentence(fact, say, _) or "",
        who=who(fact, told, _),
        body=exchange.body if exchange else "",
        tone="internal" if exchange and exchange.direction == "internal" else "",
        note=_proposed(fact) or (_note(fact, exchange) if exchange else ""),
        id=fact.id,
    )


def _proposed(fact: TrailEntry) -> str:
    unit_id = fact.data.get("proposed_unit_id")
    return _("Service proposé : %(unit)s", unit=unit_name(int(unit_id))) if unit_id else ""


def _note(fact: TrailEntry, exchange: Exchange) -> str:
    if exchange.seconds and exchange.kind == "opening":
        minutes, seconds = divmod(exchange.seconds, 60)
        return _("Durée : %(minutes)d min %(seconds)02d s", minutes=minutes, seconds=seconds)
    if exchange.direction != "out":
        return ""
    if fact.kind == "message.sent":  # « Message envoyé : accusé d’enregistrement (courriel). » tells the rest
        told = delivered_words(exchange)
        return f"{told[:1].upper()}{told[1:]}"
    return _sending(exchange)


def _sending(exchange: Exchange) -> str:
    """« Réponse · Courriel · envoyé le 21 novembre, 12 h 20 »"""
    kind = _(KINDS.get(exchange.kind, exchange.kind))
    kind = f"{kind[:1].upper()}{kind[1:]}"
    return f"{kind} · {wording(exchange.channel, 'channel')} · {sending_words(exchange)}"
