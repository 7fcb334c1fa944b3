"""A template's text about a case, its holes filled; its translation below for who reads another language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.catalogue import CategoryCard, OutcomeWords, told_about
from crm.channels import to_gsm7
from crm.foundation import PARIS, with_translation
from crm.foundation.settings import Centre
from crm.interactions import exchanges
from crm.knowledge import NOT_SAID_ALOUD, Filled, ReplyTemplate, choose_for_reader, fill, reply_templates
from crm.notifications.owed import silence_values
from crm.notifications.saying import Day, Ending, Value, Values, Words, noon, say
from crm.notifications.wording import known_place
from crm.staff import unit_card

AUTOMATIC = frozenset({"registration", "acknowledgement", "referral", "reopened", "delay"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to review before it leaves.

    Args:
        channel: what the usager chose, or the nearest they can be reached by; empty when there is none.
        left_out: the holes of the template that had no value: what the agent may want to add.
    """

    channel: str
    recipient: str
    subject: str
    body: str
    left_out: tuple[str, ...] = ()


def text_for(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    kind: str,
    way: str,
    extra: Values,
    *,
    language: str = "fr",
) -> Draft:
    """The template's text with its holes filled, for nobody yet.

    Args:
        language: of who will read it.
    """
    category, ending = told_about(session, case.category_code, case.outcome)
    texts = reply_templates(session, kind)
    chosen = choose_for_reader(
        texts,
        kind,
        language,
        outcome=case.outcome,
        channel=way or None,
        category_code=case.category_code,
        domain_code=category.domain_code if category else None,
    )
    return written(chosen, {**case_values(session, centre, case, category, ending, kind), **extra}, way)


def about_no_case(
    session: Session, centre: Centre, kind: str, way: str, values: Values, *, language: str
) -> Draft:
    """The same for a message that is about nothing we have registered."""
    chosen = choose_for_reader(reply_templates(session, kind), kind, language, channel=way)
    return written(chosen, {**centre_values(centre), **values}, way)


def read_on_case(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    texts: Sequence[ReplyTemplate],
    now: datetime,
    *,
    channel: str,
) -> Draft:
    """A text with the values of a case, for whoever tries it and may read that case. Nothing is to leave.

    Args:
        texts: the French, then its translation if there is one.
    """
    template = texts[0]
    told = replace(case, outcome=template.outcome or case.outcome)
    category, ending = told_about(session, told.category_code, told.outcome)
    spoken = {} if template.message in AUTOMATIC else spoken_values(session, case)
    values = case_values(session, centre, told, category, ending, template.message)
    values |= {"today": Day(now), **still_promised(case, template.message, now), **spoken}
    return written(texts, values, channel)


def written(texts: Sequence[ReplyTemplate], values: Values, way: str) -> Draft:
    """Empty when no text is in force for it."""
    if not texts:
        return Draft(channel=way, recipient="", subject="", body="")
    return one_below_the_other([(text.language, _filled(text, values, way)) for text in texts], way)


def one_below_the_other(said: Iterable[tuple[str, Filled]], way: str) -> Draft:
    """The French, then its translation: the law lets one stand beside it, not in its place (CRPA L111-1)."""
    (_french, first), *beside = said
    subject, body = first.subject, first.body
    for language, translation in beside:
        subject = f"{subject} / {translation.subject}" if subject else ""
        body = (
            f"{body}\n{translation.body}"
            if way == "sms"
            else with_translation(body, language, translation.body)
        )
    left_out = tuple(name for name in first.left_out if way != "phone" or name not in NOT_SAID_ALOUD)
    return Draft(
        channel=way,
        recipient="",
        subject=subject,
        body=to_gsm7(body) if way == "sms" else body,
        left_out=left_out,
    )


def _filled(text: ReplyTemplate, values: Values, way: str) -> Filled:
    unsaid = dict.fromkeys(NOT_SAID_ALOUD, "") if way == "phone" else {}
    return fill(text, say(values, text.language or "fr", way) | unsaid)


def case_values(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    category: CategoryCard | None,
    ending: OutcomeWords | None,
    kind: str,
) -> dict[str, str | Value]:
    due_at = case.due_at if kind in {"reopened", "delay"} else case.announced_due_at
    return {
        "reference": case.reference,
        "object": Words(category.label, category.label_en) if category else "",
        "received_date": Day(case.received_at),
        "safe_date": Day(case.made_safe_at) if case.made_safe_at else "",
        "due_date": Day(due_at, with_hour=case.priority == 1) if due_at else "",
        **silence_values(case.received_at, category),
        "outcome_text": Ending(ending),
        "advice": str(case.routing.get("advice") or ""),
        "place": known_place(session, case),
        **_unit_values(session, case),
        # Opened again, only a body that refused is named, by who knows which: nobody else gave it up.
        **({"organization": ""} if kind == "reopened" else {}),
        **centre_values(centre),
        **_links(centre, case),
    }


def still_promised(case: CaseSheet, kind: str, now: datetime) -> dict[str, str | Value]:
    """The day an answer may still promise: of the works when they are dated; none once it is past."""
    if kind != "answer":
        return {}
    if case.planned_on is not None:
        ahead = case.planned_on >= now.astimezone(PARIS).date()
        return {"due_date": noon(case.planned_on) if ahead else ""}
    due_at = case.announced_due_at
    return {"due_date": Day(due_at, with_hour=case.priority == 1) if due_at and due_at > now else ""}


def _links(centre: Centre, case: CaseSheet) -> dict[str, str]:
    link = f"{centre.site_url.rstrip('/')}/suivi/{case.public_token}"
    return {"link": link, "receipt_link": link}  # until a receipt has its own page


def centre_values(centre: Centre) -> dict[str, str | Value]:
    return {
        "centre_phone": centre.phone,
        "centre_hours": Words(centre.hours, centre.hours_en),
        "agent": centre.name,
    }


def _unit_values(session: Session, case: CaseSheet) -> dict[str, str]:
    unit = unit_card(session, case.unit_id) if case.unit_id is not None else None
    if unit is None:
        return {}
    return {
        "unit": unit.name,
        "unit_address": unit.address,
        "unit_phone": unit.phone,
        "unit_email": unit.email,
        "organization": unit.organization_name,
    }


def spoken_values(session: Session, case: CaseSheet) -> dict[str, str]:
    """What people wrote: quoted only in a message that an agent reads before it leaves."""
    reports = [said.body for said in exchanges(session, case.id) if said.kind == "report"]
    spoken = {"place": case.place_label, "report": reports[-1] if reports else ""}
    return {name: words for name, words in spoken.items() if words}
