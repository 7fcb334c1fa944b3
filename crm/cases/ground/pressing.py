"""What each button of the ground does, to a case or to one order of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypedDict

from crm.cases.actions.field_work import need_more, set_out
from crm.cases.actions.unit_work import WorkReport, resolve_case, secure_case
from crm.cases.ground.saving import Save
from crm.cases.orders import (
    OrderReport,
    finish_order,
    need_more_for_order,
    secure_order,
    set_out_for_order,
)
from crm.cases.outcomes import Outcome
from crm.foundation import Invalid, UnitOfWork

Act = Callable[[UnitOfWork, Save, int, datetime], object]  # the version seen, and when it was pressed


def _set_out(uow: UnitOfWork, save: Save, _seen: int, _at: datetime) -> object:
    if save.number is None:
        return set_out(uow, save.reference)
    return set_out_for_order(uow, save.reference, save.number)


def _reported(outcome: Outcome) -> Act:
    def report(uow: UnitOfWork, save: Save, seen: int, at: datetime) -> object:
        words, why = save.words, save.no_photo
        if save.number is None:
            of_case = WorkReport(outcome=outcome, text=words, no_photo=why, done_at=at)
            return resolve_case(uow, save.reference, report=of_case, seen_version=seen)
        of_order = OrderReport(outcome=outcome, text=words, no_photo=why, done_at=at)
        return finish_order(uow, save.reference, save.number, report=of_order, seen_version=seen)

    return report


class _Safe(TypedDict):
    planned_on: date
    report: str
    seen_version: int
    done_at: datetime


def _secured(uow: UnitOfWork, save: Save, seen: int, at: datetime) -> object:
    told = _Safe(planned_on=_day(save), report=save.note, seen_version=seen, done_at=at)
    if save.number is None:
        return secure_case(uow, save.reference, **told)
    return secure_order(uow, save.reference, save.number, **told)


def _day(save: Save) -> date:
    """
    Raises:
        Invalid: made safe is not repaired: the final works need their day.
    """
    if save.planned_on is None:
        raise Invalid({"planned_on": "required"})
    return save.planned_on


def _need(uow: UnitOfWork, save: Save, _seen: int, _at: datetime) -> object:
    if save.number is None:
        return need_more(uow, save.reference, save.note)
    return need_more_for_order(uow, save.reference, save.number, save.note)


ACTS: Mapping[str, Act] = {
    "on_the_way": _set_out,
    "done": _reported(Outcome.DONE),
    "secured": _secured,
    "nothing_found": _reported(Outcome.NOTHING_FOUND),
    "need": _need,
}
