"""Which message tells whom what. Automatic ones never echo a stranger's words: anyone can type an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlalchemy.orm import Session

from crm.cases import CaseSheet, case_by_id
from crm.catalogue import CategoryCard, category_card
from crm.channels import to_gsm7
from crm.contacts import ContactCard, contact_card
from crm.foundation import PARIS, Unavailable
from crm.foundation.settings import Centre
from crm.interactions import Message, exchanges
from crm.knowledge import NOT_SAID_ALOUD, ReplyTemplate, choose, fill, reply_templates
from crm.notifications.owed import silence_values
from crm.notifications.reaching import BY_ITSELF, by_itself, reach_of
from crm.notifications.wording import OUTCOMES, hour_in_words, in_figures, in_words, known_place
from crm.staff import unit_card

_AUTOMATIC = frozenset({"registration", "acknowledgement", "referral", "reopened", "delay"})


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


def draft_answer(
    session: Session, centre: Centre, case_id: int, now: datetime, *, channel: str | None = None
) -> Draft:
    """The answer to a resolved case, from the template of its outcome and category and the unit's report."""
    case = case_by_id(session, case_id)
    return draft(session, centre, case, "answer", now, channel=channel)


def draft(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    kind: str,
    now: datetime,
    *,
    channel: str | None = None,
    extra: Mapping[str, str] | None = None,
) -> Draft:
    """A message of a kind about a case, by the channel that its usager chose unless another is given.

    Args:
        kind: registration, question, answer, referral, reopened or delay.
        extra: values of holes that only the caller knows: question, agent, report, advice…
    """
    way, recipient = reach_of(case, _card(session, case), channel or case.answer_channel)
    values = {**_spoken_values(session, case), **(extra or {})} if kind not in _AUTOMATIC else extra or {}
    ready = text_for(session, centre, case, kind, way, {"today": _said(way)(now), **values})
    return replace(ready, recipient=recipient)


def compose(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    kind: str,
    now: datetime,
    *,
    also: Mapping[str, str] | None = None,
) -> Message | None:
    """A message that the programme sends by itself; None when there is nobody to tell, or nothing to say.

    Whoever chose the telephone was told aloud: an automatic message is not a task for somebody.

    Args:
        kind: registration, referral, reopened, secured, delay or reach_changed. The registration of what is
            outside our competence says so, and whom to ask.
        also: values of holes that only the caller knows.
    """
    if case.answer_channel not in BY_ITSELF:
        return None
    card = _card(session, case)
    ways = by_itself(case, card)
    way, recipient = reach_of(case, card, case.answer_channel, among=ways)
    if way not in ways:
        return None
    told, said = _as_told(case, kind), _said(way)
    extra = {"today": said(now), **(also or {})}
    if kind == "secured" and case.planned_on:
        extra["due_date"] = said(datetime.combine(case.planned_on, time(12), tzinfo=PARIS))
    ready = text_for(session, centre, told, "answer" if told.outcome else kind, way, extra)
    if not ready.body:
        return None
    return Message(
        kind=kind,
        channel=way,
        recipient=recipient,
        subject=ready.subject,
        body=ready.body,
        contact_id=case.contact_id,
    )


def compose_any_way(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    kind: str,
    now: datetime,
    *,
    extra: Mapping[str, str],
    channel: str | None = None,
) -> Message | None:
    """The same for what somebody is to be told, even by a call to make. The channel they chose, unless told.

    None for who asked for nothing, when there is no way to reach them, or nothing to say.
    """
    if case.answer_channel == "none":
        return None
    ready = draft(session, centre, case, kind, now, channel=channel, extra=extra)
    if not (ready.recipient and ready.body):
        return None
    return Message(
        kind=kind,
        channel=ready.channel,
        recipient=ready.recipient,
        subject=ready.subject,
        body=ready.body,
        contact_id=case.contact_id,
    )


def _as_told(case: CaseSheet, kind: str) -> CaseSheet:
    """The case with the outcome whose words serve: not ours, or made safe, is said as an answer is."""
    outside = kind == "registration" and case.routing.get("kind") == "refuse"
    outcomes = {"secured": "FT", "registration": case.outcome if outside else None}
    return replace(case, outcome=outcomes.get(kind))


def compose_confirmation(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    now: datetime,
    *,
    channel: str,
    recipient: str,
    link: str,
) -> Message:
    """To an e-mail or a number we do not know: a link to follow, and nothing of the demand.

    Raises:
        Unavailable: no text of ours is loaded for it.
    """
    extra = {"today": _said(channel)(now), "link": link}
    ready = text_for(session, centre, case, "reach_confirmation", channel, extra)
    if not ready.body:
        raise Unavailable(server="replies", why="reach_confirmation")
    return Message(
        kind="reach_confirmation",
        channel=channel,
        recipient=recipient,
        subject=ready.subject,
        body=ready.body,
        is_public=False,
    )


def _card(session: Session, case: CaseSheet) -> ContactCard | None:
    return contact_card(session, case.contact_id) if case.contact_id is not None else None


def text_for(
    session: Session, centre: Centre, case: CaseSheet, kind: str, way: str, extra: Mapping[str, str]
) -> Draft:
    """The template's text with its holes filled, for nobody yet."""
    category = category_card(session, case.category_code) if case.category_code else None
    template = choose(
        reply_templates(session, kind),
        kind,
        outcome=case.outcome,
        channel=way or None,
        category_code=case.category_code,
        domain_code=category.domain_code if category else None,
    )
    if template is None:
        return Draft(channel=way, recipient="", subject="", body="")
    return _filled(session, centre, case, category, template, way, extra)


def read_on_case(
    session: Session, centre: Centre, case: CaseSheet, template: ReplyTemplate, now: datetime, *, channel: str
) -> Draft:
    """A text with the values of a case, for whoever tries it and may read that case. Nothing is to leave."""
    category = category_card(session, case.category_code) if case.category_code else None
    told = replace(case, outcome=template.outcome or case.outcome)
    spoken = {} if template.message in _AUTOMATIC else _spoken_values(session, case)
    extra = {"today": _said(channel)(now), **spoken}
    return _filled(session, centre, told, category, template, channel, extra)


def _filled(
    session: Session,
    centre: Centre,
    case: CaseSheet,
    category: CategoryCard | None,
    template: ReplyTemplate,
    way: str,
    extra: Mapping[str, str],
) -> Draft:
    values = {
        **_case_values(case, category, template.message, _said(way)),
        **_centre_values(centre, case),
        **_unit_values(session, case),
        "place": known_place(session, case),
        **extra,
    }
    unsaid = dict.fromkeys(NOT_SAID_ALOUD, "") if way == "phone" else {}
    filled = fill(template, {**values, **unsaid})
    body = to_gsm7(filled.body) if way == "sms" else filled.body
    left_out = tuple(name for name in filled.left_out if name not in unsaid)
    return Draft(channel=way, recipient="", subject=filled.subject, body=body, left_out=left_out)


def _said(way: str) -> Callable[[datetime], str]:
    return in_figures if way == "sms" else in_words


def _case_values(
    case: CaseSheet, category: CategoryCard | None, kind: str, said: Callable[[datetime], str]
) -> dict[str, str]:
    due_at = case.due_at if kind in {"reopened", "delay"} else case.announced_due_at
    return {
        "reference": case.reference,
        "object": category.label if category else "",
        "received_date": said(case.received_at),
        "safe_date": said(case.made_safe_at) if case.made_safe_at else "",
        "due_date": _promised(due_at, case.priority, said) if due_at else "",
        **silence_values(case.received_at, category, said),
        "outcome_text": OUTCOMES.get(case.outcome or "", ""),
        "advice": str(case.routing.get("advice") or ""),
    }


def _promised(due_at: datetime, priority: int, said: Callable[[datetime], str]) -> str:
    """Of an emergency, the day alone would promise nothing."""
    return f"{said(due_at)}, {hour_in_words(due_at)}" if priority == 1 else said(due_at)


def _centre_values(centre: Centre, case: CaseSheet) -> dict[str, str]:
    link = f"{centre.site_url.rstrip('/')}/suivi/{case.public_token}"
    return {
        "link": link,
        "receipt_link": link,  # until a receipt has its own page
        "centre_phone": centre.phone,
        "centre_hours": centre.hours,
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


def _spoken_values(session: Session, case: CaseSheet) -> dict[str, str]:
    """What people wrote: quoted only in a message that an agent reads before it leaves."""
    reports = [said.body for said in exchanges(session, case.id) if said.kind == "report"]
    spoken = {"place": case.place_label, "report": reports[-1] if reports else ""}
    return {name: words for name, words in spoken.items() if words}
