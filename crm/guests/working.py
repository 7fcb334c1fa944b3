"""What a contractor answers by its link, done by the very verbs that its own account would use."""

from __future__ import annotations

from crm.attachments import Evidence, Giving, attach_files
from crm.cases import (
    BounceReason,
    CaseSheet,
    CaseState,
    Outcome,
    WorkReport,
    accept_case,
    bounce_case,
    plan_case,
    resolve_case,
)
from crm.cases.orders import (
    Order,
    OrderPlan,
    OrderReport,
    OrderState,
    accept_order,
    finish_order,
    plan_order,
    send_back_order,
)
from crm.foundation import UnitOfWork
from crm.guests.purposes import Answer
from crm.guests.said import Said

_PROOF = Giving(from_usager=False, evidence=Evidence.AFTER)


def work_on_case(uow: UnitOfWork, case: CaseSheet, said: Said, words: str) -> None:
    """
    Args:
        words: theirs, signed.
    """
    seen = {"seen_version": case.version}
    if said.answer is Answer.TAKEN:
        if case.state is CaseState.ASSIGNED:
            accept_case(uow, case.reference, **seen)
    elif said.answer is Answer.PLANNED and said.planned_on is not None:
        plan_case(uow, case.reference, planned_on=said.planned_on, **seen)
    elif said.answer is Answer.REFUSED:
        bounce_case(uow, case.reference, reason=BounceReason.WRONG_UNIT, motive=words, **seen)
    else:
        attach_files(uow, case, case.id, said.files, _PROOF)
        report = WorkReport(outcome=Outcome.DONE, text=words, no_photo=said.no_photo)
        resolve_case(uow, case.reference, report=report, seen_version=case.version)


def work_on_order(uow: UnitOfWork, order: Order, said: Said, words: str) -> None:
    reference, number, seen = order.reference, order.number, {"seen_version": order.version}
    if said.answer is Answer.TAKEN:
        if order.state is OrderState.ASKED:
            accept_order(uow, reference, number, **seen)
    elif said.answer is Answer.PLANNED and said.planned_on is not None:
        plan_order(uow, reference, number, plan=OrderPlan(planned_on=said.planned_on), **seen)
    elif said.answer is Answer.REFUSED:
        send_back_order(uow, reference, number, reason=BounceReason.WRONG_UNIT, motive=words, **seen)
    else:
        attach_files(uow, order, order.case_id, said.files, _PROOF)
        report = OrderReport(outcome=Outcome.DONE, text=words, no_photo=said.no_photo)
        finish_order(uow, reference, number, report=report, **seen)
