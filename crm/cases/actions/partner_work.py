"""A partner's machine says what became of a demand: kept once, in order, and followed when it may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from crm.access import Permission, allows, require
from crm.attachments import Evidence, Giving, attach_files
from crm.cases.actions.unit_work import (
    WorkReport,
    accept_case,
    bounce_case,
    plan_case,
    resolve_case,
    resume_case,
)
from crm.cases.events import UsagerWrote
from crm.cases.lifecycle import CaseState, steps_from
from crm.cases.models import Case, PartnerUpdate
from crm.cases.outcomes import BounceReason, Outcome
from crm.foundation import PARIS, Conflict, EventRow, NotFound, UnitOfWork, clean
from crm.interactions import record_interaction

# What a partner's word means for us; any other is a comment.
_AT_WORK = frozenset({"investigating", "in_progress", "accepted"})
_PLANNED = frozenset({"action_scheduled", "planned"})
_OUTCOMES = {
    "fixed": Outcome.DONE,
    "completed": Outcome.DONE,
    "closed": Outcome.DONE,
    "no_further_action": Outcome.NOTHING_FOUND,
    "unable_to_fix": Outcome.REFUSED,
}
_NOT_THEIRS = frozenset({"not_councils_responsibility", "not_responsible"})
STATUSES = _AT_WORK | _PLANNED | _OUTCOMES.keys() | _NOT_THEIRS | {"open", "duplicate", "internal_referral"}
_MOVES = tuple(
    f"case.{verb}"
    for verb in (
        "routed", "accepted", "planned", "secured", "asked", "replied", "awaits_partner", "resumed",
        "bounced", "resolved", "closed", "cancelled", "reopened", "merged", "unmerged",
    )
)  # fmt: skip
_NO_PHOTO = "Dit par le partenaire, sans photo."


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSays:
    """
    Args:
        update_id: the partner's own; the same one again is the same update.
        status: one of `STATUSES`.
        happened_at: as the partner's clock says, aware; None for now.
        planned_on: for a work that has its day.
    """

    update_id: str
    status: str
    text: str = ""
    happened_at: datetime | None = None
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """
    Args:
        is_new: not known already.
        moved: the case took a step by it.
        giving: how photos that come later are kept.
    """

    id: int
    case_id: int
    is_new: bool
    moved: bool
    giving: Giving


def hear_partner(uow: UnitOfWork, reference: str, said: PartnerSays, *, files: tuple[str, ...] = ()) -> Heard:
    """Keep what a partner's machine says of a demand it brought, or that is entrusted to its organisation.

    In the second case the demand follows, by the verbs of the lifecycle and no faster than they allow; what
    is older than its present state, or comes from who only brought it, is a message and moves nothing.

    Args:
        files: tokens of photos that came with it.

    Raises:
        NotFound: no such case, or none of theirs.
        Conflict: this update_id served for another case.
        Invalid: a work done without saying what was done; a day that is past.
    """
    require(uow.actor, Permission.CASE_UPDATE)
    case = uow.session.scalar(sa.select(Case).where(Case.reference == reference).with_for_update())
    entrusted = case is not None and allows(uow.actor, Permission.CASE_ACCEPT, case)
    if case is None or uow.actor.organization_id is None or not (entrusted or _brought(uow, case)):
        raise NotFound(reference=reference)
    if known := _known(uow, case, said):
        return known
    happened_at = min(max(said.happened_at or uow.now, case.created_at), uow.now)
    verb = _verb(case, said) if entrusted and happened_at >= _moved_at(uow, case) else ""
    giving = Giving(
        from_usager=not verb and _brought(uow, case),
        evidence=Evidence.AFTER if verb == "resolve" else Evidence.NONE,
    )
    attach_files(uow, None, case.id, files, giving)
    if verb:
        _MOVE[verb](uow, case, said)
    return _keep(uow, case, said, happened_at, verb, giving)


def _brought(uow: UnitOfWork, case: Case) -> bool:
    return case.channel == "partner_api" and case.organization_id == uow.actor.organization_id


def _known(uow: UnitOfWork, case: Case, said: PartnerSays) -> Heard | None:
    query = sa.select(PartnerUpdate).where(
        PartnerUpdate.organization_id == uow.actor.organization_id, PartnerUpdate.update_id == said.update_id
    )
    row = uow.session.scalar(query)
    if row is None:
        return None
    if row.case_id != case.id:
        raise Conflict(update_id=said.update_id)
    return Heard(row.id, case.id, is_new=False, moved=row.moved, giving=Giving(from_usager=False))


def _moved_at(uow: UnitOfWork, case: Case) -> datetime:
    """Since when the case is where it is: by what partners said, on their clock; by all others, on ours."""
    theirs = sa.and_(EventRow.actor_kind == "partner", EventRow.organization_id == uow.actor.organization_id)
    by_others = sa.select(sa.func.max(EventRow.at)).where(
        EventRow.subject_kind == "case",
        EventRow.subject_id == case.id,
        EventRow.kind.in_(_MOVES),
        sa.not_(sa.func.coalesce(theirs, sa.false())),
    )
    by_them = sa.select(sa.func.max(PartnerUpdate.happened_at)).where(
        PartnerUpdate.case_id == case.id, PartnerUpdate.moved
    )
    moments = (uow.session.scalar(by_others), uow.session.scalar(by_them))
    return max((moment for moment in moments if moment), default=case.created_at)


def _verb(case: Case, said: PartnerSays) -> str:
    """The step that the status asks for, if the case can take it now."""
    possible = {step.verb for step in steps_from(CaseState(case.state), has_unit=case.unit_id is not None)}
    if case.open_order_count:
        possible.discard("resolve")  # other units are still at work: it is kept as what the partner says
    return next((verb for verb in _wanted(said) if verb in possible), "")


def _wanted(said: PartnerSays) -> tuple[str, ...]:
    if said.status in _OUTCOMES:
        return ("resolve",)
    if said.status in _NOT_THEIRS:
        return ("bounce",)
    if said.status in _PLANNED and said.planned_on is not None:
        return ("plan",)
    return ("accept", "resume") if said.status in _AT_WORK | _PLANNED else ()


def _accept(uow: UnitOfWork, case: Case, _said: PartnerSays) -> None:
    accept_case(uow, case.reference, seen_version=case.version)


def _resume(uow: UnitOfWork, case: Case, _said: PartnerSays) -> None:
    resume_case(uow, case.reference, seen_version=case.version)


def _plan(uow: UnitOfWork, case: Case, said: PartnerSays) -> None:
    day = said.planned_on or uow.now.astimezone(PARIS).date()
    plan_case(uow, case.reference, planned_on=day, seen_version=case.version)


def _resolve(uow: UnitOfWork, case: Case, said: PartnerSays) -> None:
    report = WorkReport(outcome=_OUTCOMES[said.status], text=said.text, no_photo=_NO_PHOTO)
    resolve_case(uow, case.reference, report=report, seen_version=case.version)


def _bounce(uow: UnitOfWork, case: Case, said: PartnerSays) -> None:
    bounce_case(
        uow,
        case.reference,
        reason=BounceReason.NOT_COMPETENT,
        motive=said.text,
        seen_version=case.version,
    )


_MOVE: Mapping[str, Callable[[UnitOfWork, Case, PartnerSays], None]] = {
    "accept": _accept,
    "resume": _resume,
    "plan": _plan,
    "resolve": _resolve,
    "bounce": _bounce,
}
_SAY_IT_THEMSELVES = frozenset({"resolve", "bounce"})  # the words stand in a note of their own


def _keep(
    uow: UnitOfWork, case: Case, said: PartnerSays, happened_at: datetime, verb: str, giving: Giving
) -> Heard:
    """On the timeline, and among the messages that wait for an answer when it speaks for the usager."""
    for_usager = giving.from_usager and bool(clean(said.text))
    interaction_id = record_interaction(
        uow,
        None,
        case.id,
        channel="partner_api",
        kind="message" if for_usager else "partner_update",
        body="" if verb in _SAY_IT_THEMSELVES else said.text,
        contact_id=case.contact_id if for_usager else None,
        occurred_at=happened_at,
        external_id=f"{uow.actor.organization_id}:{said.update_id}",
        is_public=for_usager,
    )
    case.updated_at = uow.now
    if for_usager:
        case.message_waiting_since = case.message_waiting_since or uow.now
        uow.record(UsagerWrote(subject_id=case.id, interaction_id=interaction_id))
    row = PartnerUpdate(
        organization_id=uow.actor.organization_id,
        update_id=said.update_id,
        case_id=case.id,
        status=said.status,
        happened_at=happened_at,
        received_at=uow.now,
        moved=bool(verb),
        interaction_id=interaction_id,
    )
    uow.session.add(row)
    uow.session.flush()
    return Heard(row.id, case.id, is_new=True, moved=bool(verb), giving=giving)
