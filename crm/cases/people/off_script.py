"""« Hors cadre »: what was done outside script, competence, delay or means, because the person needed it.

Never forbidden, never counted against anybody: what comes back often is turned into a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases.actions.loading import hold
from crm.cases.models import Case
from crm.cases.people.events import MadeARule, OffScriptLooked, SteppedOut
from crm.cases.people.models import OffScript, OffScriptStep
from crm.foundation import Actor, Conflict, Invalid, NotFound, UnitOfWork, clean
from crm.interactions import Interaction, add_note

_O = cast(sa.Table, OffScriptStep.__table__).c
_C: Any = cast(sa.Table, Case.__table__).c
_I = cast(sa.Table, Interaction.__table__).c
_LONGEST_RULE = 300


@dataclass(frozen=True, slots=True)
class OffScriptLine:
    """One step, with its words. `look` is True while a colleague's eye is waited for."""

    id: int
    reference: str
    kind: str
    category_code: str | None
    agent_id: int | None
    at: datetime
    words: str
    look: bool
    looked_by_id: int | None
    rule: str


def step_out(
    uow: UnitOfWork, reference: str, *, kind: str, words: str, motive: str, look: bool = False
) -> int:
    """Say what was done outside the frame, and why. Nothing can refuse it but silence. Returns its id.

    Args:
        look: a colleague is asked to look at it too.

    Raises:
        Invalid: outside what, what was done or why is not said.
    """
    case = hold(uow, reference, Permission.CASE_NOTE)
    done, why = clean(words), clean(motive)
    wrong = {} if kind in set(OffScript) else {"kind": "required"}
    wrong |= {name: "required" for name, text in (("words", done), ("motive", why)) if not text}
    if wrong:
        raise Invalid(wrong)
    note_id = add_note(uow, case, case.id, f"{done}\n\n{why}", kind="off_script_done")
    case.updated_at = uow.now
    return _kept(uow, case.id, case.category_code, kind=kind, interaction_id=note_id, look=look)


def note_stepped_out(uow: UnitOfWork, case_id: int, interaction_id: int) -> int:
    """The same while a demand is entered: it is registered although an answer stops it."""
    require(uow.actor, Permission.CASE_CREATE)
    category_code = uow.session.scalar(sa.select(_C.category_code).where(_C.id == case_id))
    return _kept(
        uow, case_id, category_code, kind=OffScript.SCRIPT, interaction_id=interaction_id, look=False
    )


def _kept(
    uow: UnitOfWork, case_id: int, category_code: str | None, *, kind: str, interaction_id: int, look: bool
) -> int:
    row = OffScriptStep(
        case_id=case_id,
        kind=kind,
        category_code=category_code,
        interaction_id=interaction_id,
        agent_id=uow.actor.id if uow.actor.kind == "agent" else None,
        at=uow.now,
        look_asked=look,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(SteppedOut(subject_id=case_id, outside=kind, interaction_id=interaction_id))
    return row.id


def look_at_step(uow: UnitOfWork, step_id: int, words: str) -> str:
    """A colleague's eye, as it was asked for. Returns the case's reference.

    Raises:
        NotFound, Invalid.
        Conflict: somebody has looked already, or it is one's own.
    """
    found = uow.session.execute(
        sa.select(OffScriptStep, _C.reference)
        .join(Case.__table__, _C.id == _O.case_id)
        .where(_O.id == step_id)
        .with_for_update(of=OffScriptStep)
    ).one_or_none()
    if found is None:
        raise NotFound(step=step_id)
    step, reference = found
    case = hold(uow, reference, Permission.CASE_NOTE)
    if step.looked_at is not None or step.agent_id == uow.actor.id:
        raise Conflict(step=step_id)
    said = clean(words)
    if not said:
        raise Invalid({"look": "required"})
    note_id = add_note(uow, case, case.id, said, kind="second_look")
    step.looked_at, step.looked_by_id = uow.now, uow.actor.id
    uow.record(OffScriptLooked(subject_id=case.id, interaction_id=note_id))
    return str(reference)


def make_rule(uow: UnitOfWork, step_ids: Sequence[int], rule: str) -> int:
    """These steps have become a rule of the house. Returns how many were marked.

    Raises:
        NotAllowed.
        Invalid: none was chosen, or the rule is not said.
    """
    require(uow.actor, Permission.OFF_SCRIPT_REVIEW)
    said = clean(rule)[:_LONGEST_RULE]
    wrong = {} if said else {"rule": "required"}
    if wrong or not step_ids:
        raise Invalid(wrong or {"steps": "required"})
    marked = uow.session.scalars(
        sa.update(OffScriptStep)
        .where(_O.id.in_(step_ids), _O.case_id.in_(sa.select(_C.id).where(visible(uow.actor, _C))))
        .values(rule=said, rule_at=uow.now, rule_by_id=uow.actor.id)
        .returning(OffScriptStep.case_id)
        .execution_options(synchronize_session=False)
    ).all()
    for case_id in marked:
        uow.record(MadeARule(subject_id=case_id))
    return len(marked)


_LINE = (
    sa.select(
        _O.id,
        _C.reference,
        _O.kind,
        _O.category_code,
        _O.agent_id,
        _O.at,
        _I.body.label("words"),
        sa.and_(_O.look_asked, _O.looked_at.is_(None)).label("look"),
        _O.looked_by_id,
        _O.rule,
    )
    .select_from(OffScriptStep.__table__)
    .join(Case.__table__, _C.id == _O.case_id)
    .join(Interaction.__table__, _I.id == _O.interaction_id)
)


def off_script_between(
    session: Session, actor: Actor, since: datetime, until: datetime, limit: int = 500
) -> list[OffScriptLine]:
    """Within reach, the latest first. `until` is left out."""
    query = _LINE.where(_O.at >= since, _O.at < until, visible(actor, _C)).order_by(
        _O.at.desc(), _O.id.desc()
    )
    return [OffScriptLine(*row) for row in session.execute(query.limit(limit))]


def looks_asked(session: Session, actor: Actor, limit: int = 50) -> list[OffScriptLine]:
    """For which a colleague's eye is asked, and not one's own; who waits longest first."""
    query = _LINE.where(
        _O.look_asked, _O.looked_at.is_(None), _O.agent_id.is_distinct_from(actor.id),
        visible(actor, _C, Permission.CASE_NOTE),
    )  # fmt: skip
    return [OffScriptLine(*row) for row in session.execute(query.order_by(_O.at, _O.id).limit(limit))]
