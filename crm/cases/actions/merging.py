"""Two demands are one problem: the second ends there and its people follow the first. It can be undone."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm.access import Permission
from crm.cases.actions.ending import end_case
from crm.cases.actions.loading import hold, hold_for, same_version, take_step
from crm.cases.lifecycle import ENDED, CaseState
from crm.cases.models import Case
from crm.cases.outcomes import Outcome
from crm.cases.together.ending import move_incident
from crm.cases.together.following_events import CaseJoined, CaseMerged
from crm.cases.together.watching import add_follower, move_followers, part, suspect_incident
from crm.foundation import IllegalStep, Invalid, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """
    Args:
        original: the reference of the demand that goes on.
        checked: a person compared the two and says that they are the same.
    """

    original: str
    checked: bool


def merge_case(uow: UnitOfWork, reference: str, *, merging: Merging, seen_version: int) -> Case:
    """Close a duplicate with a link to the original; whoever asked is now told what becomes of that one.

    Raises:
        Invalid: nobody compared; the other is this one, is itself a duplicate or was cancelled; or others
            were merged into this one.
        NotFound: the other one does not exist, or is out of reach.
    """
    if reference == merging.original:
        hold_for(uow, reference, "merge")
        raise Invalid({"original": "same_demand"})
    case, original = _both(uow, reference, merging.original)
    if not merging.checked:
        raise Invalid({"checked": "compare_first"})
    if original.duplicate_of_id is not None or original.state == CaseState.CANCELLED:
        raise Invalid({"original": "not_followed_any_more"})
    if uow.session.scalar(sa.select(Case.id).where(Case.duplicate_of_id == case.id).limit(1)):
        raise Invalid({"original": "has_duplicates"})
    move_incident(uow, case, original)
    end_case(uow, case, "merge", Outcome.ATTACHED, seen_version, duplicate_of_id=original.id)
    move_followers(uow, case.id, original.id)
    _follow_original(uow, case, original)
    uow.record(CaseMerged(subject_id=case.id, original_id=original.id, reference=original.reference))
    uow.record(CaseJoined(subject_id=original.id, duplicate_id=case.id, reference=case.reference))
    return case


def _both(uow: UnitOfWork, reference: str, original: str) -> tuple[Case, Case]:
    """Held in the same order whichever way round: two agents at once wait, and do not lock each other out."""
    rights = {reference: Permission.CASE_MERGE, original: Permission.CASE_FOLLOW}
    held = {one: hold(uow, one, rights[one]) for one in sorted(rights)}
    return held[reference], held[original]


def _follow_original(uow: UnitOfWork, case: Case, original: Case) -> None:
    """Whoever asked twice is already told as the requester of the original."""
    if case.contact_id is not None and case.contact_id == original.contact_id:
        return
    add_follower(
        uow,
        original.id,
        key=f"merged-{case.id}-{case.version}",
        channel=case.channel,
        contact_id=case.contact_id,
        answer_channel=case.answer_channel if case.contact_id is not None else "none",
        came_from_id=case.id,
        is_requester=True,
        since=case.received_at,
    )
    if original.state not in ENDED:
        suspect_incident(uow, original.id)


def unmerge_case(uow: UnitOfWork, reference: str, *, seen_version: int) -> Case:
    """They were not the same: the demand goes back to its service, with its dates and its people.

    Raises:
        IllegalStep: it was not merged.
    """
    case = hold(uow, reference, Permission.CASE_MERGE)
    same_version(case, seen_version)
    if case.duplicate_of_id is None:
        raise IllegalStep(verb="unmerge", state=case.state)
    take_step(uow, case, "unmerge", seen_version)
    case.outcome = case.closed_at = None
    part(uow, case)
    return case
