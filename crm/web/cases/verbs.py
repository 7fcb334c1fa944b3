"""What may be done that moves no step of the lifecycle: say a delay, make more urgent."""

from __future__ import annotations

from flask_login import current_user

from crm.access import Permission, allows
from crm.cases import ENDED, MOST_RETURNS, WITH_UNIT, CaseSheet


def may_send(case: CaseSheet) -> bool:
    """Entrust or transmit it: what came back twice is for a coordinator."""
    return case.bounce_count < MOST_RETURNS or allows(current_user.actor, Permission.CASE_COORDINATE, case)


def verbs_beside(case: CaseSheet) -> set[str]:
    actor, verbs = current_user.actor, set()
    if case.state in WITH_UNIT and allows(actor, Permission.CASE_ACCEPT, case):
        verbs.add("delay")
    if case.state not in ENDED and case.priority > 1 and allows(actor, Permission.CASE_NOTE, case):
        verbs.add("raise")
    return verbs
