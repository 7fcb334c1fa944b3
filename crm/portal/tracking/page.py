"""The tracking page: what it shows, whatever was just done or refused."""

from __future__ import annotations

import secrets
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from crm.attachments import files_of_case
from crm.cases import CaseSheet, case_by_token, followers_from
from crm.contacts import ContactCard, contact_card
from crm.guests import last_referral
from crm.http import gettext as _
from crm.http import reading, wiring
from crm.http.answers import told_answers
from crm.notifications import reach_of
from crm.portal.tracking.reaches import masked_reach
from crm.portal.tracking.reminding import reminding
from crm.portal.tracking.standing import standing
from crm.portal.tracking.story import story
from crm.portal.words import category_name

NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}


def case_at(token: str) -> CaseSheet:
    """Raises NotFound."""
    with reading() as session:
        return case_by_token(session, token)


def page(
    case: CaseSheet,
    *,
    errors: dict[str, str] | None = None,
    done: str = "",
    text: str = "",
    message: str = "",
) -> str:
    """
    Args:
        text: a precision or a contest that was not taken, given back.
        message: the same, of what was written to the centre.
    """
    catalogue, _index = wiring().rulebooks.categories()
    category = catalogue.category(case.category_code) if case.category_code else None
    now = wiring().clock.now()
    with reading() as session:
        told, answered_at = story(session, case), _answered_at(session, case)
        joined, files = _joined(session, case), files_of_case(session, case.id, public_only=True)
        passed_to = _passed_to(session, case)
    return render_template(
        "portal/tracking/show.html",
        here="track",
        case=case,
        title=category_name(catalogue, case.category_code) or _("Votre demande"),
        answers=told_answers(category, case.answers),
        story=told,
        standing=standing(case, told, now),
        reminding=reminding(case, told, now),
        unit=wiring().rulebooks.units().get(case.unit_id) if case.unit_id is not None else None,
        passed_to=passed_to,
        answered_at=answered_at,
        joined=joined,
        files=files,
        now=now,
        key=request.form.get("key") or secrets.token_urlsafe(18),
        errors=errors or {},
        done=done,
        text=text,
        message=message,
        printed_at=now,
    )


def _joined(session: Session, case: CaseSheet) -> str:
    """Where the requester of a merged demand now follows: their link to the other one."""
    people = followers_from(session, case.id) if case.duplicate_of_id is not None else []
    return next((one.token for one in people if one.is_requester), "")


def _passed_to(session: Session, case: CaseSheet) -> str:
    """The body that has it now, when it is not among those we know."""
    if case.outcome != "T" or case.unit_id is not None:
        return ""
    link = last_referral(session, case.id)
    return link.organization if link else ""


def card_of(session: Session, case: CaseSheet) -> ContactCard | None:
    return contact_card(session, case.contact_id) if case.contact_id is not None else None


def _answered_at(session: Session, case: CaseSheet) -> dict[str, Any]:
    """How they are answered, half hidden: enough to know one's own."""
    way, reach = reach_of(case, card_of(session, case), case.answer_channel)
    return {"way": way if case.answer_channel != "none" else "", "reach": masked_reach(way, reach)}
