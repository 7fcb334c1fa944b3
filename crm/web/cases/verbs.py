"""What may be done that moves no step of the lifecycle: say a delay, make more urgent."""

from __future__ import annotations

from flask_login import current_user

from crm.access import Permission, allows
from crm.cases import ENDED, WITH_UNIT, CaseSheet


def verbs_beside(case: CaseSheet) -> set[str]:
    actor, verbs = current_user.actor, set()
    if case.state in WITH_UNIT and allows(actor, Permission.CASE_ACCEPT, case):
        verbs.add("delay")
    if case.state not in ENDED and case.priority > 1 and allows(actor, Permission.CASE_NOTE, case):
        verbs.add("raise")
    return verbs
