"""Take what was pressed on the ground: at once from a page, or from a telephone when its network is back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from crm.access import Permission, require
from crm.attachments import Evidence, Giving, attach_files
from crm.cases.calling_lead import call_the_lead
from crm.cases.field_events import CaseReportKept, CaseSeenThere, CaseToldLater
from crm.cases.ground.models import FieldSave
from crm.cases.ground.pressing import ACTS
from crm.cases.ground.saving import UNLED, Save, Taken, true_hour
from crm.cases.models import Case
from crm.cases.orders.holding import take_hold
from crm.cases.orders.models import WorkOrder
from crm.foundation import Conflict, IllegalStep, Invalid, NotFound, UnitOfWork, clean
from crm.interactions import add_note

LATE = timedelta(minutes=10)  # from then on, the timeline says when it was done and when it arrived
_ROWS: Any = cast(sa.Table, FieldSave.__table__)


@dataclass(frozen=True, slots=True)
class _Held:
    case: Case
    order: WorkOrder | None

    @property
    def right(self) -> tuple[Permission, Case | WorkOrder]:
        return (
            (Permission.CASE_RESOLVE, self.case) if self.order is None else (Permission.ORDER_DO, self.order)
        )

    @property
    def asked_at(self) -> datetime:
        return self.case.received_at if self.order is None else self.order.asked_at

    @property
    def version(self) -> int:
        return self.case.version if self.order is None else self.order.version


def press(uow: UnitOfWork, save: Save) -> Taken:
    """Do it, or refuse: whoever has the page before their eyes looks again.

    Raises:
        Conflict, IllegalStep: it changed since it was seen.
        Invalid: something is missing.
        NotFound: out of reach, or the key is another save's.
    """
    held = _hold(uow, save)
    require(uow.actor, *held.right)
    return _known(uow, save, held) or _do(uow, save, held, _begin(uow, save, held))


def take_save(uow: UnitOfWork, save: Save) -> Taken:
    """Do it; or, when the case moved meanwhile, or something is missing, keep it as a note.

    Nobody stands before a page: nothing is sent back to a telephone, nothing newer is written over.

    Raises:
        NotFound: out of reach, or the key is another save's.
    """
    held = _hold(uow, save)
    require(uow.actor, *held.right)
    if known := _known(uow, save, held):
        return known
    at = _begin(uow, save, held)
    try:
        with uow.session.begin_nested():
            return _do(uow, save, held, at)
    except (Conflict, IllegalStep):
        return _keep(uow, save, held, at, "moved")
    except Invalid as refusal:
        return _keep(uow, save, held, at, next(iter(refusal.fields.values())))


def forget_saves(uow: UnitOfWork, before: datetime) -> None:
    """Keys that no telephone will send again."""
    require(uow.actor, Permission.MESSAGE_SEND)
    uow.session.execute(sa.delete(_ROWS).where(_ROWS.c.received_at < before))


def _hold(uow: UnitOfWork, save: Save) -> _Held:
    """Locked: two sendings at once wait for one another here."""
    if save.number is not None:
        return _Held(*take_hold(uow, save.reference, save.number))
    case = uow.session.scalar(sa.select(Case).where(Case.reference == save.reference).with_for_update())
    if case is None:
        raise NotFound(reference=save.reference)
    return _Held(case, None)


def _known(uow: UnitOfWork, save: Save, held: _Held) -> Taken | None:
    row = uow.session.execute(sa.select(_ROWS).where(_ROWS.c.key == save.key)).one_or_none()
    if row is None:
        return None
    if (row.case_id, row.number, row.agent_id) != (held.case.id, save.number, uow.actor.id):
        raise NotFound(key=save.key)
    return Taken(row.is_done, row.why, row.version, again=True)


def _begin(uow: UnitOfWork, save: Save, held: _Held) -> datetime:
    """What is kept whatever becomes of it: the photos, the hour, how far from the place."""
    for tokens, evidence in ((save.before, Evidence.BEFORE), (save.after, _shown_after(save))):
        if tokens:
            given = Giving(from_usager=False, evidence=evidence)
            attach_files(uow, held.order or held.case, held.case.id, tokens, given)
    at = true_hour(save.pressed_at, held.asked_at, uow.now)
    if uow.now - at >= LATE:
        uow.record(CaseToldLater(subject_id=held.case.id, act=save.act, done_at=at.isoformat()))
    if save.metres is not None:
        uow.record(CaseSeenThere(subject_id=held.case.id, metres=save.metres))
    return at


def _shown_after(save: Save) -> Evidence:
    return Evidence.AFTER if save.act in {"done", "secured"} else Evidence.NONE


def _do(uow: UnitOfWork, save: Save, held: _Held, at: datetime) -> Taken:
    seen, before = _seen(uow, save, held), held.version
    ACTS[save.act](uow, save, seen, at)
    uow.session.flush()
    why = UNLED if save.act == "need" and held.case.needs_at is None else ""
    known = held.version if before == seen else seen  # leaving asks no version: what is newer stays unseen
    return _note_down(uow, save, held, at, Taken(True, why, known), seen)


def _seen(uow: UnitOfWork, save: Save, held: _Held) -> int:
    """What the agent's own earlier saves changed is not news to them."""
    own = (
        sa.select(_ROWS.c.seen_version, _ROWS.c.version)
        .where(_ROWS.c.case_id == held.case.id, _ROWS.c.agent_id == uow.actor.id, _ROWS.c.is_done)
        .where(_ROWS.c.number.is_not_distinct_from(save.number))
        .order_by(_ROWS.c.version)
    )
    seen = save.seen_version
    for row in uow.session.execute(own):
        if row.seen_version == seen:
            seen = row.version
    return seen


def _keep(uow: UnitOfWork, save: Save, held: _Held, at: datetime, why: str) -> Taken:
    """Beside what is newer, where whoever leads the case reads it. That somebody had left is no news now."""
    if save.act != "on_the_way":
        note_id = add_note(uow, held.order or held.case, held.case.id, save.words, kind="field_report")
        if clean(save.no_photo):
            add_note(uow, held.order or held.case, held.case.id, save.no_photo, kind="no_photo")
        uow.record(CaseReportKept(subject_id=held.case.id, act=save.act, interaction_id=note_id))
        why = why if call_the_lead(uow, held.case) else UNLED
    return _note_down(uow, save, held, at, Taken(False, why, held.version), save.seen_version)


def _note_down(uow: UnitOfWork, save: Save, held: _Held, at: datetime, taken: Taken, seen: int) -> Taken:
    uow.session.execute(
        insert(_ROWS).values(
            key=save.key,
            case_id=held.case.id,
            number=save.number,
            agent_id=uow.actor.id,
            act=save.act,
            occurred_at=at,
            received_at=uow.now,
            seen_version=seen,
            version=taken.version,
            is_done=taken.is_done,
            why=taken.why,
        )
    )
    return taken
