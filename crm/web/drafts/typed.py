"""What a page posts of its form, as a draft keeps it; and the number and name to call back."""

from __future__ import annotations

from dataclasses import replace

from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from crm.cases import known_contacts
from crm.contacts import contact_cards, normalise_phone
from crm.http import whole_number
from crm.intake import DraftSheet, Fields, Typed
from crm.web.intake.drafts import holder_in

_MOST_FIELDS, _LONGEST_VALUE, _MOST_VALUES = 120, 50_000, 20
_NOT_KEPT = frozenset(
    {"csrf_token", "draft", "draft_version", "draft_tab", "draft_save", "draft_anyway", "password"}
)

_BY_ITSELF = frozenset({"channel", "kind", "answer_channel", "for_whom", "commune"})


def fields_in(form: MultiDict[str, str]) -> Fields:
    """Everything that was filled in: a form that gains a field tomorrow loses nothing."""
    names = [name for name in form if name not in _NOT_KEPT][:_MOST_FIELDS]
    kept = {name: [value[:_LONGEST_VALUE] for value in form.getlist(name)[:_MOST_VALUES]] for name in names}
    return {name: values for name, values in kept.items() if any(values)}


def typed_in(form: MultiDict[str, str]) -> tuple[Typed, int] | None:
    """The form as posted and the agent it was opened for; None when its number is not one of ours."""
    held = holder_in(form.get("draft", ""))
    if held is None:
        return None
    reference, agent_id = held
    typed = Typed(
        key=reference,
        fields=fields_in(form),
        seen_version=whole_number(form.get("draft_version")) or 0,
        tab=form.get("draft_tab", "")[:40],
        tab_save=whole_number(form.get("draft_save")) or 0,
        at_any_price=form.get("draft_anyway") == "1",
    )
    return typed, agent_id


def with_contact(session: Session, typed: Typed) -> Typed:
    """The usager chosen in the form, if this agent may know them."""
    contact_id = whole_number(next(iter(typed.fields.get("contact", [])), ""))
    if contact_id is None or not known_contacts(session, current_user.actor, [contact_id]):
        return typed
    return replace(typed, contact_id=contact_id) if contact_cards(session, [contact_id]) else typed


def number_to_call(session: Session, draft: DraftSheet) -> str:
    """E.164: what was dictated, else what is known of the usager chosen; "" when nobody can be called."""
    for name in ("phone", "contact_text", "other_reach"):
        if found := normalise_phone(draft.field(name)).e164:
            return found
    cards = contact_cards(session, [draft.contact_id]) if draft.contact_id is not None else {}
    known = [card.first("phone") for card in cards.values()]
    return next((point.value for point in known if point), "")


def says_something(typed: Typed) -> bool:
    """More than what the form says by itself before anybody types."""
    return bool(set(typed.fields) - _BY_ITSELF)


def who_called(draft: DraftSheet) -> str:
    """« Zoé Lefèvre », or what was typed to look for them; "" for nobody yet."""
    name = f"{draft.field('first_name')} {draft.field('family_name')}".strip()
    return name or draft.field("contact_text").strip()
