"""Few may read it: grave facts, a complaint about one of us. Whoever is concerned is kept out everywhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import UNTOLD, Permission, require, visible
from crm.cases.actions.centre_work import route_case
from crm.cases.actions.loading import hold
from crm.cases.assessment import Rulebook
from crm.cases.models import Case
from crm.cases.orders.counting import move_orders
from crm.cases.people.at_work import AtWork, WorkingAs, at_work, cut_off
from crm.cases.people.events import CaseRestricted, RestrictedCaseRead, RestrictionLifted
from crm.cases.queries import LINE, CaseLine, line_of
from crm.foundation import PARIS, Actor, IllegalStep, Invalid, UnitOfWork, clean
from crm.interactions import add_note, cancel_automatic

_C: Any = cast(sa.Table, Case.__table__).c
ALWAYS = "r:supervisor"  # somebody must be able to lift it
# What the law has the programme send about a demand that few may read: receipts (CRPA L112-11), a
# transmission (L114-2). Nothing else leaves by itself, and nothing at all where it would endanger.
BY_LAW = frozenset({"registration", "acknowledgement", "referral"})


class RestrictionReason(StrEnum):
    GRAVE = "grave"  # violence, abuse, a crime told
    ABOUT_AGENT = "about_agent"
    EXPOSED = "exposed"  # the usager would be in danger if it were known


class Charge(StrEnum):
    """What becomes of the work of the service that has the demand."""

    KEEP = "keep"  # it reads it and goes on
    ELSEWHERE = "elsewhere"  # another service takes it
    SUPERVISORS = "supervisors"  # it loses it, and they say who takes it


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
    if wrong := _problems(uow.actor, restriction):
        raise Invalid(wrong)
    told = restriction
    readers = {f"u{id_}" for id_ in told.unit_ids} | {f"a{id_}" for id_ in told.agent_ids}
    note_id = add_note(uow, case, case.id, clean(told.motive), kind="restriction")
    untold = {UNTOLD} if told.reason == RestrictionReason.EXPOSED else set()
    case.readers = sorted({ALWAYS, f"a{uow.actor.id}", *readers, *_concerned(told), *untold})
    case.updated_at = uow.now
    move_orders(uow, case)
    held = cancel_automatic(uow, case, case.id, but=() if untold else BY_LAW)
    uow.record(
        CaseRestricted(
            subject_id=case.id,
            restriction=told.reason,
            interaction_id=note_id,
            readers=case.readers,
            held=held,
        )
    )


def restrict_worked_case(
    uow: UnitOfWork,
    book: Rulebook,
    reference: str,
    restriction: Restriction,
    *,
    charge: str,
    unit_id: int | None = None,
) -> list[AtWork]:
    """The same where a service has it: it goes on reading it, or somebody says who takes it.

    Args:
        charge: one of `Charge`, when a service has the case.
        unit_id: the service that takes it, for `elsewhere`.

    Returns:
        Who worked on it and does not read it any more.

    Raises:
        Invalid: as `restrict_case`; nothing said of the service in charge, or what cannot be.
    """
    case = hold(uow, reference, Permission.CASE_RESTRICT)
    working = at_work(uow.session, case, uow.now.astimezone(PARIS).date())
    has_unit = any(one.part is WorkingAs.CHARGE for one in working)
    wrong = _problems(uow.actor, restriction)
    wrong |= _charge_problems(case, restriction, charge, unit_id) if has_unit else {}
    if wrong:
        raise Invalid(wrong)
    if has_unit and charge == Charge.ELSEWHERE and unit_id is not None:
        motive = restriction.motive
        route_case(uow, book, reference, unit_id=unit_id, motive=motive, seen_version=case.version)
    reading = {case.unit_id} if has_unit and case.unit_id and charge != Charge.SUPERVISORS else set()
    restrict_case(uow, reference, replace(restriction, unit_ids={*restriction.unit_ids, *reading}))
    return cut_off(uow.session, working, case.readers or ())


def _problems(actor: Actor, told: Restriction) -> dict[str, str]:
    concerned = _concerned(told)
    wrong = {} if told.reason in set(RestrictionReason) else {"reason": "required"}
    wrong |= {} if clean(told.motive) else {"motive": "required"}
    if told.reason == RestrictionReason.ABOUT_AGENT and not concerned:
        wrong["concerned"] = "required"
    if f"-a{actor.id}" in concerned:
        wrong["concerned"] = "not_yourself"
    return wrong


def _charge_problems(case: Case, told: Restriction, charge: str, unit_id: int | None) -> dict[str, str]:
    if charge not in set(Charge):
        return {"charge": "required"}
    if charge == Charge.KEEP and case.unit_id in set(told.concerned_unit_ids):
        return {"charge": "concerned_in_charge"}
    barred = {case.unit_id, *told.concerned_unit_ids}
    if charge == Charge.ELSEWHERE and (unit_id is None or unit_id in barred):
        return {"elsewhere": "unknown" if unit_id is None else "another_unit"}
    return {}


def _concerned(told: Restriction) -> set[str]:
    agents = {f"-a{id_}" for id_ in told.concerned_agent_ids}
    return agents | {f"-u{id_}" for id_ in told.concerned_unit_ids}


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
