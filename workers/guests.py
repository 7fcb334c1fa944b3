"""Each morning: whoever has not answered yet is reminded once; a silence is said, a body's to supervisors."""

from __future__ import annotations

from datetime import time

from crm.cases import case_by_id
from crm.foundation import SYSTEM, UnitOfWork
from crm.guests import GuestSheet, Purpose, Standing, note_sent, reminder_for, to_call_silent, to_remind
from crm.interactions import queue_message
from crm.promises import agents_holding, tell
from crm.wiring import Wiring
from workers.jobs.call_out import ring_once_kept
from workers.jobs.tell_usager import tell_by_itself

AT = time(8, 10)


def watch_guests(wired: Wiring) -> None:
    with wired.units.begin(SYSTEM) as uow:
        for link in to_remind(uow):
            if link.standing(uow.now) is Standing.OPEN:
                _remind(wired, uow, link)
        for link in to_call_silent(uow):
            if link.tells_usager and link.standing(uow.now) is Standing.OPEN:
                tell_by_itself(wired, uow, case_by_id(uow.session, link.case_id), "opinion_late")
            if link.purpose is Purpose.REFERRAL and link.standing(uow.now) is not Standing.OVER:
                whom = agents_holding(uow.session, "supervisor")  # nobody here has it: somebody calls them
                ring_once_kept(wired, uow, tell(uow, whom, "referral_silent", link.case_id))


def _remind(wired: Wiring, uow: UnitOfWork, link: GuestSheet) -> None:
    case = case_by_id(uow.session, link.case_id)
    message = reminder_for(uow.session, wired.settings.centre, case, link, uow.now)
    if message is not None:
        note_sent(uow, link.id, queue_message(uow, case, case.id, message))
