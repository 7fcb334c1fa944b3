"""The mails that carry a link. Of the usager they say nothing, but to whoever is competent instead of us."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.catalogue import Catalogue, Question, answered, day_answered
from crm.contacts import contact_card
from crm.foundation.settings import Centre
from crm.guests.keys import PLACE
from crm.guests.purposes import Purpose
from crm.interactions import Message
from crm.notifications import Day, Value, noon, text_for

_KINDS = {Purpose.REFERRAL: "handover", Purpose.OPINION: "opinion_request", Purpose.WORK: "work_request"}
REMINDER = "guest_reminder"
_YES_NO = {"yes": "oui", "no": "non"}


class Shown(Protocol):
    """What of a link, or of one about to be made, its mail says."""

    @property
    def organization(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def due_on(self) -> date: ...


def message_for(
    session: Session,
    centre: Centre,
    catalogue: Catalogue,
    case: CaseSheet,
    purpose: Purpose,
    link: Shown,
    now: datetime,
) -> Message | None:
    """The first mail; None when there is no address to write to.

    A referral hands the whole demand over, so that the usager has nothing to do again (CRPA L114-2).
    """
    whole = _whole(session, catalogue, case) if purpose is Purpose.REFERRAL else {"place": link.place}
    return _mail(session, centre, case, _KINDS[purpose], link, now, whole)


def reminder_for(
    session: Session, centre: Centre, case: CaseSheet, link: Shown, now: datetime
) -> Message | None:
    return _mail(session, centre, case, REMINDER, link, now, {"place": link.place})


def _mail(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    kind: str,
    link: Shown,
    now: datetime,
    also: dict[str, str],
) -> Message | None:
    if not link.email:
        return None
    values: dict[str, str | Value] = {
        "today": Day(now),
        "organization": link.organization,
        "object": link.category,
        "question": link.question,
        "due_date": noon(link.due_on),
        "guest_link": f"{centre.site_url.rstrip('/')}/invite/{PLACE}",
        **also,
    }
    ready = text_for(session, centre, case, kind, "email", values)
    if not ready.body:
        return None
    return Message(
        kind=kind,
        channel="email",
        recipient=link.email,
        subject=ready.subject,
        body=ready.body,
        is_public=False,
    )


def _whole(session: Session, catalogue: Catalogue, case: CaseSheet) -> dict[str, str]:
    card = contact_card(session, case.contact_id) if case.contact_id is not None else None
    ways = [card.display_name, *(point.display for point in card.points)] if card else []
    told = answered(catalogue.category(case.category_code or ""), case.answers)
    return {
        "place": ", ".join(filter(None, (case.place_label, case.place_hint))),
        "words": case.object,
        "details": " · ".join(_told(question, value) for question, value in told),
        "usager": ", ".join(", ".join(way.splitlines()) for way in ways if way),
    }


def _told(question: Question, value: str) -> str:
    """« Quelle taille ? Plus large qu’une roue », « Numéro sur le mât : 12-045 »; always in French."""
    day = day_answered(question, value)
    words = noon(day).said("fr", "email") if day else question.wording(value)
    words = _YES_NO.get(words, words) if question.kind == "yesno" else words
    return f"{question.label} {words}" if question.label.endswith("?") else f"{question.label} : {words}"
