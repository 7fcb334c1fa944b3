"""A finished draft becomes a demand."""

from __future__ import annotations

from crm.cases import AlreadyRegistered, Opened, opened
from crm.contacts import NewContact
from crm.foundation import RESIDENT
from crm.http import language, unit_of_work, wiring
from crm.intake import Demand, PlaceGiven, register_demand
from crm.portal.report.checks import asks_place, category_of, own_answers
from crm.portal.report.draft import Draft
from crm.portal.report.whereabouts import place_given, whereabouts


def send(draft: Draft) -> Opened:
    """Register the demand; the same draft sent again gives the case it made the first time.

    An agent who is logged in and fills this form does so as anybody: no right is borrowed.

    Raises:
        Invalid: names each wrong field.
    """
    book = wiring().rulebooks.current()
    category = category_of(draft, book.catalogue)
    try:
        with unit_of_work(RESIDENT) as uow:
            place = PlaceGiven()
            if asks_place(category):
                place = place_given(uow.session, draft, whereabouts(uow.session, draft))
            return register_demand(
                uow,
                book,
                Demand(
                    key=case_key(draft),
                    object=draft.object,
                    channel="web",
                    category_code=category.code if category else None,
                    answers=own_answers(category, draft.answers) if category else {},
                    place=place,
                    contact=contact_of(draft),
                    answer_channel=draft.way,
                    files=draft.files,
                ),
            )
    except AlreadyRegistered:  # the other sending of this form was quicker, by a breath
        return _made_by_the_other(draft)


def _made_by_the_other(draft: Draft) -> Opened:
    with unit_of_work(RESIDENT) as uow:
        found = opened(uow, case_key(draft))
    if found is None:
        raise AlreadyRegistered()
    return found


def case_key(draft: Draft) -> str:
    """Apart from the keys of agents' forms, imports and partners: nobody reaches theirs from here."""
    return f"web-{draft.key}"


def contact_of(draft: Draft) -> NewContact | None:
    """Who stays anonymous is not kept, even if something was typed."""
    if draft.way == "none":
        return None
    return NewContact(
        family_name=draft.family_name,
        first_name=draft.first_name,
        email=draft.email,
        phone=draft.phone,
        postal=tuple(draft.postal.splitlines()),
        preferred_channel=draft.way,
        language=language(),
    )
