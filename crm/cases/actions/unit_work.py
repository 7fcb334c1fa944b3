"""What the competent unit does with a case. It resolves; it never closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from crm.attachments import Evidence, has_evidence
from crm.cases.actions.loading import check_outcome, hold_for, take_step
from crm.cases.events import (
    CaseAccepted,
    CaseAwaitsPartner,
    CaseBounced,
    CasePlanned,
    CaseResolved,
    CaseResumed,
    CaseSecured,
)
from crm.cases.lifecycle import CaseState
from crm.cases.models import Case
from crm.cases.outcomes import BounceReason, Outcome
from crm.catalogue import asks_evidence
from crm.deadlines import ADAPTED, Adapted
from crm.foundation import PARIS, Invalid, UnitOfWork, clean
from crm.interactions import add_note
from crm.staff import is_in_use


def accept_case(uow: UnitOfWork, reference: str, *, seen_version: int) -> Case:
    case = hold_for(uow, reference, "accept")
    take_step(uow, case, "accept", seen_version)
    case.accepted_by_id = uow.actor.id if uow.actor.kind == "agent" else None  # a machine is nobody here
    uow.record(CaseAccepted(subject_id=case.id))
    return case


_MOST_MINUTES = 60 * 200  # of one intervention


def plan_case(
    uow: UnitOfWork, reference: str, *, planned_on: date, seen_version: int, minutes: int | None = None
) -> Case:
    """Say the day, which is told; said again, it is no news.

    Args:
        minutes: how long; None leaves what was said, else the unit's usual.

    Raises:
        Invalid: a day that is past, no time or far too much.
    """
    case = hold_for(uow, reference, "plan")
    _not_past(uow, planned_on)
    if wrong := wrong_minutes(minutes):
        raise Invalid(wrong)
    is_known = (case.state, case.planned_on) == (CaseState.SCHEDULED, planned_on)
    take_step(uow, case, "plan", seen_version)
    case.planned_on, case.planned_minutes = planned_on, minutes or case.planned_minutes
    if not is_known:
        uow.record(CasePlanned(subject_id=case.id, planned_on=planned_on.isoformat()))
    return case


def wrong_minutes(minutes: int | None) -> dict[str, str]:
    """What is wrong with how long an intervention is said to take: no time, or far too much."""
    return {} if minutes is None or 0 < minutes <= _MOST_MINUTES else {"minutes": "minutes"}


def secure_case(
    uow: UnitOfWork,
    reference: str,
    *,
    planned_on: date,
    report: str,
    seen_version: int,
    done_at: datetime | None = None,
) -> Case:
    """The danger is away, the final works are dated: the case stays open for them.

    Args:
        done_at: when, if that is not now.
    """
    case = hold_for(uow, reference, "secure")
    _not_past(uow, planned_on)
    take_step(uow, case, "secure", seen_version)
    case.planned_on, case.made_safe_at = planned_on, done_at or uow.now
    note_id = add_note(uow, case, case.id, clean(report), kind="report") if report.strip() else None
    uow.record(CaseSecured(subject_id=case.id, planned_on=planned_on.isoformat(), interaction_id=note_id))
    return case


def await_partner(uow: UnitOfWork, reference: str, *, motive: str, seen_version: int) -> Case:
    case = hold_for(uow, reference, "await_partner")
    note = _needed(motive, "motive")
    take_step(uow, case, "await_partner", seen_version)
    uow.record(CaseAwaitsPartner(subject_id=case.id, interaction_id=add_note(uow, case, case.id, note)))
    return case


def resume_case(uow: UnitOfWork, reference: str, *, seen_version: int) -> Case:
    case = hold_for(uow, reference, "resume")
    take_step(uow, case, "resume", seen_version)
    uow.record(CaseResumed(subject_id=case.id))
    return case


def bounce_case(
    uow: UnitOfWork,
    reference: str,
    *,
    reason: BounceReason,
    motive: str,
    seen_version: int,
    proposed_unit_id: int | None = None,
) -> Case:
    """Send back to « À qualifier », saying why: nobody is told "wrong counter" without a next step.

    Args:
        proposed_unit_id: whose it is, if they know; whoever qualifies it reads it.

    Raises:
        Invalid: no motive; a unit that is not in use, or their own.
    """
    case = hold_for(uow, reference, "bounce")
    note = _needed(motive, "motive")
    if proposed_unit_id is not None and (
        proposed_unit_id == case.unit_id or not is_in_use(uow.session, proposed_unit_id)
    ):
        raise Invalid({"proposed_unit_id": "unknown"})
    take_step(uow, case, "bounce", seen_version)
    note_id = add_note(uow, case, case.id, note, kind="bounce")  # while the unit still reaches the case
    from_unit, case.unit_id, case.responsible_insee = case.unit_id, None, None
    case.accepted_by_id = None
    case.bounce_count += 1
    uow.record(
        CaseBounced(
            subject_id=case.id,
            from_unit_id=from_unit,
            reason=reason,
            interaction_id=note_id,
            proposed_unit_id=proposed_unit_id,
        )
    )
    return case


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkReport:
    """What the unit did.

    Args:
        planned_on: compulsory for the outcome "planned".
        no_photo: why there is none, where the category asks for one.
        done_at: when, if that is not now.
    """

    outcome: Outcome
    text: str
    planned_on: date | None = None
    no_photo: str = ""
    done_at: datetime | None = None


def resolve_case(
    uow: UnitOfWork, reference: str, *, report: WorkReport, seen_version: int, adapted: Adapted = ADAPTED
) -> Case:
    """The unit has done its part; the answer to the usager is now to be given by the relation side.

    Args:
        adapted: the time given to a usager who said what support they need.

    Raises:
        Invalid: no text, a planned outcome without its date, work done with neither a photo nor the reason
            why there is none, an outcome that is not true of this case; or other units still have work to do.
    """
    case = hold_for(uow, reference, "resolve")
    check_outcome(uow, case, report.outcome, adapted)
    if case.open_order_count:
        raise Invalid({"outcome": "orders_open"})
    text = _needed(report.text, "report")
    if report.outcome is Outcome.PLANNED and report.planned_on is None:
        raise Invalid({"planned_on": "required"})
    unproven = _unproven(uow, case, report)
    take_step(uow, case, "resolve", seen_version)
    case.outcome, case.resolved_at = report.outcome, report.done_at or uow.now
    case.planned_on = report.planned_on or case.planned_on
    note_id = add_note(uow, case, case.id, text, kind="report")
    if unproven:
        add_note(uow, case, case.id, unproven, kind="no_photo")
    uow.record(
        CaseResolved(subject_id=case.id, outcome=report.outcome, unit_id=case.unit_id, interaction_id=note_id)
    )
    return case


def _unproven(uow: UnitOfWork, case: Case, report: WorkReport) -> str:
    """Why no photo shows the work done, where the category asks for one; empty where nothing is missing."""
    if report.outcome is not Outcome.DONE or not asks_evidence(uow.session, case.category_code):
        return ""
    if has_evidence(uow.session, case.id, Evidence.AFTER, since=case.contested_at):
        return ""
    why = clean(report.no_photo)
    if not why:
        raise Invalid({"no_photo": "photo_or_reason"})
    return why


def _needed(text: str, name: str) -> str:
    kept = clean(text)
    if not kept:
        raise Invalid({name: "required"})
    return kept


def _not_past(uow: UnitOfWork, day: date) -> None:
    if day < uow.now.astimezone(PARIS).date():
        raise Invalid({"planned_on": "past"})
