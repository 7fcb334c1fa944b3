"""What calls leave behind, as the house keeps it."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa

from crm.cases import Case
from crm.contacts import NewContact, find_or_create_contact
from crm.foundation import SYSTEM, EventRow
from crm.interactions import Interaction
from tests.journeys.house import House


def surname(beginning: str) -> str:
    """One that nobody has, in letters: digits at its end could be those of a telephone."""
    return beginning + uuid4().hex[:8].translate(str.maketrans("0123456789", "ghijklmnop"))


def known_usager(house: House, *, family_name: str, phone: str = "", email: str = "") -> int:
    with house.wired.units.begin(SYSTEM) as uow:
        return find_or_create_contact(
            uow, NewContact(first_name="Aïcha", family_name=family_name, phone=phone, email=email)
        )


def facts_of(house: House, case: Case, kind: str) -> list[EventRow]:
    told = sa.select(EventRow).where(EventRow.subject_kind == "case", EventRow.subject_id == case.id)
    with house.wired.sessions() as session:
        return list(session.scalars(told.where(EventRow.kind == kind)))


def call_of(house: House, case: Case) -> Interaction:
    """The exchange that opened the case."""
    opening = sa.select(Interaction).where(Interaction.case_id == case.id, Interaction.kind == "opening")
    with house.wired.sessions() as session:
        return session.scalars(opening).one()


def last_call_without_case(house: House) -> Interaction:
    ended = sa.select(Interaction).where(Interaction.case_id.is_(None), Interaction.kind == "call")
    with house.wired.sessions() as session:
        return session.scalars(ended.order_by(Interaction.id.desc()).limit(1)).one()


def dangers_of_call(house: House, call: Interaction) -> dict[str, object]:
    fact = sa.select(EventRow.data).where(
        EventRow.subject_kind == "interaction", EventRow.subject_id == call.id
    )
    with house.wired.sessions() as session:
        return dict(session.scalars(fact).one())
