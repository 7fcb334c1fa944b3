"""What a usager said they need to be served like anybody else: never why, never anything of their health.

Each need is theirs to give and to take back: the row goes with it, and the fact kept of it does not name it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import require
from crm.contacts.events import SupportChanged
from crm.contacts.models import BETTER_SAID, SUPPORT_NEEDS, SupportNeed
from crm.contacts.rights import right_to_say
from crm.foundation import Invalid, UnitOfWork, clean

_LONGEST_LANGUAGE = 40


@dataclass(frozen=True, slots=True)
class SupportNeeds:
    """
    Args:
        codes: in the order of the closed list.
        language: of the interpreter, as the usager calls it.
    """

    codes: tuple[str, ...] = ()
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.codes)

    @property
    def large_print(self) -> bool:
        """Letters to them are in large characters."""
        return "reading" in self.codes

    @property
    def channel(self) -> str:
        """How they are better answered; empty when their needs say nothing of it."""
        return "phone" if set(BETTER_SAID) & set(self.codes) else ""


def support_needs(session: Session, contact_id: int) -> SupportNeeds:
    """What this contact needs; nothing for most."""
    rows = session.execute(
        sa.select(SupportNeed.need, SupportNeed.language).where(SupportNeed.contact_id == contact_id)
    ).all()
    said = {row.need: row.language for row in rows}
    codes = tuple(code for code in SUPPORT_NEEDS if code in said)
    return SupportNeeds(codes, said.get("interpreter", ""))


def declare_support(uow: UnitOfWork, contact_id: int, needs: Collection[str], *, language: str = "") -> None:
    """What they say they need from now on; what is not in it any more is forgotten.

    Raises:
        Invalid: a need out of the list, or an interpreter of no language.
    """
    require(uow.actor, right_to_say(uow.actor))
    spoken = clean(language)[:_LONGEST_LANGUAGE] if "interpreter" in needs else ""
    if not set(needs) <= set(SUPPORT_NEEDS):
        raise Invalid({"needs": "unknown"})
    if "interpreter" in needs and not spoken:
        raise Invalid({"language": "required"})
    before = support_needs(uow.session, contact_id)
    if set(before.codes) == set(needs) and before.language == spoken:
        return
    theirs = SupportNeed.contact_id == contact_id
    uow.session.execute(sa.delete(SupportNeed).where(theirs, SupportNeed.need.not_in(needs)))
    for need in sorted(set(needs) - set(before.codes)):
        row = SupportNeed(contact_id=contact_id, need=need, declared_at=uow.now)
        row.language = spoken if need == "interpreter" else ""
        row.declared_by_id = uow.actor.id if uow.actor.kind == "agent" else None
        uow.session.add(row)
    changed = sa.update(SupportNeed).where(theirs, SupportNeed.need == "interpreter").values(language=spoken)
    uow.session.flush()
    uow.session.execute(changed.execution_options(synchronize_session=False))
    uow.record(SupportChanged(subject_id=contact_id))
