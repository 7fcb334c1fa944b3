"""Few may read it: grave facts, a complaint about one of us. Whoever is concerned is kept out everywhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases.actions.loading import hold
from crm.cases.models import Case
from crm.cases.orders.counting import move_orders
from crm.cases.people.events import CaseRestricted, RestrictedCaseRead, RestrictionLifted
from crm.cases.queries import LINE, CaseLine, line_of
from crm.foundation import Actor, IllegalStep, Invalid, UnitOfWork, clean
from crm.interactions import add_note

_C: Any = cast(sa.Table, Case.__table__).c
ALWAYS = "r:supervisor"  # somebody must be able to lift it


class RestrictionReason(StrEnum):
    GRAVE = "grave"  # violence, abuse, a crime told
    ABOUT_AGENT = "about_agent"
    EXPOSED = "exposed"  # the usager would be in danger if it were known


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """
    Args:
        unit_ids, agent_ids: who reads it besides the supervisors and whoever asks for it.
        concerned_agent_ids, concerned_unit_ids: of whom it speaks: they never read it, whoever they are.
    """

    reason: str
    motive: str
    unit_ids: Collection[int] = ()
    agent_ids: Collection[int] = ()
    concerned_agent_ids: Collection[int] = ()
    concerned_unit_ids: Collection[int] = ()


def restrict_case(uow: UnitOfWork, reference: str, restriction: Restriction) -> None:
    """Name its readers; again replaces them.

    Raises:
        Invalid: no reason, no motive, or nobody named in a complaint about one of us.
    """
    case = hold(uow, reference, Permission.CASE_RESTRICT)
    told, why = restriction, clean(restriction.motive)
    concerned = {f"-a{id_}" for id_ in told.concerned_agent_ids} | {
        f"-u{id_}" for id_ in told.concerned_unit_ids
    }
    wrong = {} if told.reason in set(RestrictionReason) else {"reason": "required"}
    wrong |= {} if why else {"motive": "required"}
    if told.reason == RestrictionReason.ABOUT_AGENT and not concerned:
        wrong["concerned"] = "required"
    if f"-a{uow.actor.id}" in concerned:
        wrong["concerned"] = "not_yourself"
    if wrong:
        raise Invalid(wrong)
    readers = {f"u{id_}" for id_ in told.unit_ids} | {f"a{id_}" for id_ in told.agent_ids}
    note_id = add_note(uow, case, case.id, why, kind="restriction")
    case.readers = sorted({ALWAYS, f"a{uow.actor.id}", *readers, *concerned})
    case.updated_at = uow.now
    move_orders(uow, case)
    uow.record(
        CaseRestricted(
            subject_id=case.id, restriction=told.reason, interaction_id=note_id, readers=case.readers
        )
    )


def lift_restriction(uow: UnitOfWork, reference: str, motive: str) -> None:
    """Whoever would see it without it sees it again.

    Raises:
        Invalid: no motive.
        IllegalStep: it is not restricted.
    """
    case = hold(uow, reference, Permission.CASE_UNRESTRICT)
    if case.readers is None:
        raise IllegalStep(verb="lift", state=case.state)
    if not clean(motive):
        raise Invalid({"lift_motive": "required"})
    note_id = add_note(uow, case, case.id, motive, kind="restriction")
    case.readers, case.updated_at = None, uow.now
    move_orders(uow, case)
    uow.record(RestrictionLifted(subject_id=case.id, interaction_id=note_id))


def note_reading(uow: UnitOfWork, case_ids: Collection[int]) -> None:
    """Somebody opened these, whose readers are named."""
    require(uow.actor, Permission.CASE_VIEW)
    for case_id in sorted(case_ids):
        uow.record(RestrictedCaseRead(subject_id=case_id))


def restricted_cases(session: Session, actor: Actor, limit: int = 200) -> list[CaseLine]:
    """Those that the actor may read, the latest first."""
    query = LINE.where(_C.readers.is_not(None), visible(actor, _C)).order_by(_C.id.desc()).limit(limit)
    return [line_of(row) for row in session.execute(query)]
