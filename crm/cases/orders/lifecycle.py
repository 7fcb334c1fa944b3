"""The life of a work order, one table of verbs like the case's. None of them speaks to the usager."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm.access import Permission
from crm.cases.outcomes import Outcome
from crm.foundation import IllegalStep


class OrderState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    PLANNED = "planned"
    DONE = "done"
    SENT_BACK = "sent_back"  # the unit says why it will not do it: whoever leads the case decides
    WITHDRAWN = "withdrawn"  # by whoever asked for it, or because the case ended


OPEN = frozenset({OrderState.ASKED, OrderState.ACCEPTED, OrderState.PLANNED})
OUTCOMES = (Outcome.DONE, Outcome.NOTHING_FOUND, Outcome.PROCEEDINGS)
SLOTS = ("morning", "afternoon", "night")


@dataclass(frozen=True, slots=True)
class OrderStep:
    """One verb; it starts from any state of `sources`, all of them open."""

    verb: str
    sources: frozenset[OrderState]
    target: OrderState
    permission: Permission


_P = Permission
ORDER_STEPS = {
    step.verb: step
    for step in (
        OrderStep("accept", frozenset({OrderState.ASKED}), OrderState.ACCEPTED, _P.ORDER_LEAD),
        OrderStep("plan", OPEN, OrderState.PLANNED, _P.ORDER_LEAD),
        OrderStep("secure", OPEN, OrderState.PLANNED, _P.ORDER_DO),  # safe is not repaired: it stays open
        OrderStep("finish", OPEN, OrderState.DONE, _P.ORDER_DO),
        OrderStep("send_back", OPEN, OrderState.SENT_BACK, _P.ORDER_LEAD),
        OrderStep("withdraw", OPEN, OrderState.WITHDRAWN, _P.ORDER_ASK),  # asked of the case
    )
}


def order_steps_from(state: OrderState) -> list[OrderStep]:
    return [step for step in ORDER_STEPS.values() if state in step.sources]


def order_step(verb: str, state: OrderState) -> OrderStep:
    """
    Raises:
        IllegalStep: the verb does not start from this state.
    """
    found = ORDER_STEPS[verb]
    if state not in found.sources:
        raise IllegalStep(verb=verb, state=state)
    return found
