"""What somebody says of themselves in their own space: how to be answered, what they refuse, their needs.

A mailbox may be a couple's: only who is alone behind it may change a sheet from there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require
from crm.contacts import (
    ContactCard,
    SupportNeeds,
    Wishes,
    accept_sms,
    change_wishes,
    contact_card,
    contacts_at,
    declare_support,
    refuse_sms,
    support_needs,
)
from crm.foundation import NotFound, UnitOfWork
from crm.space.models import SpaceVisit


@dataclass(frozen=True, slots=True)
class OwnSheet:
    card: ContactCard
    needs: SupportNeeds

    @property
    def numbers(self) -> tuple[str, ...]:
        """Those that an SMS could reach."""
        return tuple(one.value for one in self.card.points if one.kind == "phone" and one.value[:1] == "+")

    @property
    def takes_sms(self) -> bool:
        return not any(one.no_sms for one in self.card.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWishes:
    """Args: `needs`: codes; `interpreter`: the language of the interpreter, when they need one."""

    wishes: Wishes
    takes_sms: bool
    needs: Collection[str] = ()
    interpreter: str = ""


def own_sheet(session: Session, email: str) -> OwnSheet | None:
    """Of who is alone behind this mailbox; None for nobody, and for several."""
    ids = contacts_at(session, "email", email)
    if len(ids) != 1:
        return None
    return OwnSheet(contact_card(session, ids[0]), support_needs(session, ids[0]))


def change_own_wishes(uow: UnitOfWork, visit_id: int, said: OwnWishes, *, seen_version: int) -> None:
    """
    Raises:
        NotFound: the visit is over, or there is nobody, or several, behind its mailbox.
        Invalid: a choice we do not offer, or an interpreter of no language.
        Conflict: the sheet was corrected since they saw `seen_version`.
    """
    require(uow.actor, Permission.SPACE_ENTER)
    going_on = sa.and_(SpaceVisit.ended_at.is_(None), SpaceVisit.ends_at > uow.now)
    email = uow.session.scalar(sa.select(SpaceVisit.email).where(SpaceVisit.id == visit_id, going_on))
    sheet = own_sheet(uow.session, email) if email else None
    if sheet is None:
        raise NotFound()
    change_wishes(uow, sheet.card.id, said.wishes, seen_version=seen_version)
    declare_support(uow, sheet.card.id, said.needs, language=said.interpreter)
    if said.takes_sms != sheet.takes_sms:
        change = accept_sms if said.takes_sms else refuse_sms
        for number in sheet.numbers:
            change(uow, number, "space")
