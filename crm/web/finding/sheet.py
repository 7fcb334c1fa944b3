"""The sheet of a usager: how to reach them, what they asked for, what was said."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, everywhere
from crm.cases import (
    FoundCase,
    demands_of_usager,
    followed_by_usager,
    known_contacts,
    readable_exchanges,
    see_contact,
)
from crm.contacts import contact_card, is_open_to
from crm.http import gettext as _
from crm.http import holds, in_sentence, needs, reading, unit_of_work, wiring, wording
from crm.http.dates import ago, moment
from crm.http.wording_deliveries import sending_words
from crm.interactions import KINDS, Talk, exchanges_with
from crm.web.contacts.about import about, about_outside
from crm.web.contacts.readings import ask_motive
from crm.web.explaining import category_labels
from crm.web.finding.blueprint import bp


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand on the sheet."""

    case: FoundCase
    category: str
    age: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Said:
    """An exchange on the sheet; `reference` when it is about one of the demands shown."""

    when: str
    iso: str
    text: str
    body: str
    reference: str
    is_ours: bool


@bp.get("/usagers/<int:contact_id>")
@needs(Permission.CONTACT_VIEW)
def person(contact_id: int) -> ResponseReturnValue:
    """A usager and their demands within reach; a desk says why it opens the sheet of somebody else.

    The address of one that was merged leads to the other.
    """
    actor = current_user.actor
    with reading() as read:
        card = contact_card(read, contact_id)
        is_known = card.id in known_contacts(read, actor, [card.id])
        if not is_known and not is_open_to(read, actor, card.id, wiring().clock.now()):
            return ask_motive(contact_id)
        if card.id != contact_id:
            return redirect(url_for(".person", contact_id=card.id))
        told = about(read, card) if is_known else about_outside(read, card)
        asked = demands_of_usager(read, actor, contact_id)
        followed = followed_by_usager(read, actor, contact_id)
        numbers = {case.id: case.reference for case in asked}
        whole = everywhere(actor, Permission.CONTACT_VIEW)
        talks = exchanges_with(read, contact_id, numbers, everywhere=whole, among=readable_exchanges(actor))
    with unit_of_work() as uow:
        see_contact(uow, contact_id)
    return render_template(
        "web/finding/person.html",
        card=card,
        asked=_asked(asked),
        followed=_asked(followed),
        open_count=sum(case.closed_at is None for case in asked),
        talks=[_said(talk, numbers) for talk in talks],
        **told,
        may_create=holds(actor.roles, frozenset({Permission.CASE_CREATE})) and is_known,
        may_ask_who_read=holds(actor.roles, frozenset({Permission.READING_VIEW})),
        is_known=is_known,
    )


def _asked(cases: list[FoundCase]) -> list[Asked]:
    label, now = category_labels(), wiring().clock.now()
    return [
        Asked(one, label(one.category_code), ago(one.received_at), one.closed_at is None and one.due_at < now)
        for one in cases
    ]


def _said(talk: Talk, numbers: dict[int, str]) -> Said:
    """« Réponse · Courriel · envoyé le 21 novembre, 12 h 20 »"""
    kind = _(KINDS.get(talk.kind, talk.kind))
    text = f"{kind[:1].upper()}{kind[1:]} · {wording(talk.channel, 'channel')} · {sending_words(talk)}"
    if talk.reason:
        text = _("Appel sans demande : %(reason)s", reason=in_sentence(wording(talk.reason, "call_reason")))
    return Said(
        when=moment(talk.occurred_at),
        iso=talk.occurred_at.isoformat(),
        text=text,
        body=talk.body,
        reference=numbers.get(talk.case_id or 0, ""),
        is_ours=talk.direction == "out",
    )
