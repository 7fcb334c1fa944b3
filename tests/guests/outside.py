"""People outside, in few words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm.cases import Case, CaseState
from crm.foundation import PARIS, Actor, UnitOfWork
from crm.guests import (
    Answer,
    Asking,
    GuestSheet,
    Said,
    answer_link,
    ask_opinion,
    guest,
    one_link,
    refer_outside,
)
from tests import given
from tests.acting import version
from tests.given import Town

ENGINEER = "n.ferrand@eaux.example"


def asking(uow: UnitOfWork, **told: Any) -> Asking:
    usual: dict[str, Any] = {
        "organization": "Eaux de la Haute-Rive",
        "email": ENGINEER,
        "due_on": uow.now.astimezone(PARIS).date() + timedelta(days=7),
        "category": "Nid-de-poule",
        "place": "rue des Lilas",
        "observed": "L’eau affleure par temps sec.",
        "question": "Est-ce votre conduite ?",
    }
    return Asking(**{**usual, **told})


def asked(uow: UnitOfWork, town: Town, **told: Any) -> GuestSheet:
    """An opinion that waits for its answer."""
    reference = given.open_case(uow, town.book, CaseState.IN_PROGRESS)
    return one_link(uow.session, ask_opinion(uow, reference, asking(uow, **told)))


def referred(uow: UnitOfWork, town: Town, reference: str = "", **told: Any) -> GuestSheet:
    """Transmitted by an agent to a body of their own finding."""
    reference = reference or given.open_case(uow, town.book, CaseState.REGISTERED)
    seen = version(uow, reference)
    link_id = refer_outside(uow, reference, asking(uow, **told), book=town.book, seen_version=seen)
    uow.session.flush()
    return one_link(uow.session, link_id)


def holder(link: GuestSheet) -> Actor:
    return guest(link.id, link.purpose, link.unit_id, None)


def answers(uow: UnitOfWork, town: Town, link: GuestSheet, answer: Answer, **told: Any) -> None:
    """By the link, as its holder."""
    acting, uow.actor = uow.actor, holder(link)
    said = {"name": "N. Ferrand, ingénieure", "text": "C’est notre conduite.", **told}
    try:
        answer_link(uow, town.book, link.id, Said(answer=answer, **said))
        uow.session.flush()
    finally:
        uow.actor = acting


def case_of(uow: UnitOfWork, link: GuestSheet) -> Case:
    uow.session.flush()
    uow.session.expire_all()
    return uow.session.get_one(Case, link.case_id)
