"""Two sheets and all that may point at them, as one reads it in the tables."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import sqlalchemy as sa

from crm.contacts import (
    SUPPORT_NEEDS,
    Contact,
    NewContact,
    contact_card,
    declare_support,
    find_or_create_contact,
    merge_contacts,
    prefer_point,
    relate_contacts,
    verify_point,
)
from crm.contacts.holders import holders
from crm.foundation import UnitOfWork
from crm.interactions import record_interaction

PHONES = ("0639980001", "0639980002")
EMAILS = ("a.diallo@exemple.fr", "aicha@exemple.fr")
POSTAL = ("12 rue des Lilas", "99800 Aubreval")


def person(uow: UnitOfWork, **told: Any) -> int:
    return find_or_create_contact(uow, NewContact(**{"family_name": "Diallo", "first_name": "Aïcha", **told}))


def merge(uow: UnitOfWork, survivor: int, absorbed: int, reason: str = "Elle l’a dit.") -> int:
    uow.session.flush()
    versions = sa.select(Contact.id, Contact.version).where(Contact.id.in_((survivor, absorbed)))
    seen = {row.id: row.version for row in uow.session.execute(versions)}
    return merge_contacts(uow, survivor, absorbed, reason=reason, seen=seen)


def somebody(uow: UnitOfWork, chance: Random) -> int:
    """With what chance gives them: points that the other may have too, exchanges, needs."""
    who = person(
        uow,
        phone=chance.choice(("", *PHONES)),
        email=chance.choice(("", *EMAILS)),
        postal=POSTAL if chance.random() < 0.5 else (),
        preferred_channel=chance.choice(("", "email", "letter")),
    )
    find_or_create_contact(uow, NewContact(phone=chance.choice(PHONES)), contact_id=who)
    for point in contact_card(uow.session, who).points:
        if chance.random() < 0.4:
            prefer_point(uow, who, point.id)
    for _ in range(chance.randrange(3)):
        record_interaction(uow, None, None, channel="phone", kind="call", contact_id=who, body="Un appel.")
    needs = [need for need in SUPPORT_NEEDS if chance.random() < 0.3]
    declare_support(uow, who, needs, language="wolof" if "interpreter" in needs else "")
    return who


def try_to_verify(uow: UnitOfWork, who: int, chance: Random) -> None:
    points = contact_card(uow.session, who).points
    taken = {
        row[0]
        for row in uow.session.execute(
            sa.text("SELECT point_id FROM contact_links WHERE verified_at IS NOT NULL")
        )
    }
    free = [point.id for point in points if point.id not in taken]
    if free and chance.random() < 0.7:
        verify_point(uow, who, chance.choice(free))


def related(uow: UnitOfWork, one: int, other: int, third: int, chance: Random) -> None:
    for who, whom in ((one, other), (one, third), (third, other), (other, third)):
        if chance.random() < 0.5:
            relate_contacts(uow, who, whom, chance.choice(("acts_for", "works_for")), uow.now.date())


def as_it_stands(uow: UnitOfWork, people: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    """Every row that points at them, the sheets and the points; versions apart, which only grow."""
    uow.session.flush()
    held: dict[str, list[dict[str, Any]]] = {}
    for one in holders():
        rows = uow.session.execute(sa.select(one.column.table).where(one.column.in_(people)))
        held[one.name] = sorted((dict(row._mapping) for row in rows), key=str)
    sheets = uow.session.execute(sa.text("SELECT * FROM contacts ORDER BY id")).mappings()
    held["contacts"] = [{k: v for k, v in row.items() if k != "version"} for row in sheets]
    points = uow.session.execute(sa.text("SELECT * FROM contact_points ORDER BY id")).mappings()
    held["points"] = [dict(row) for row in points]
    return held
