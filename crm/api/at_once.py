"""What somebody waits for in front of a screen is understood in the request that brings it."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from crm.foundation import SYSTEM, CrmError
from crm.http import unit_of_work
from crm.http.consoles import tell_console
from crm.inbox import screens_concerned, understand
from crm.wiring import Wiring

_log = structlog.get_logger("hooks")


def understand_now(wired: Wiring, inbound_ids: Sequence[int]) -> None:
    """It is kept already: what fails here is done by the job, and the screen does without."""
    if not inbound_ids:
        return
    try:
        with unit_of_work(SYSTEM) as uow:
            for inbound_id in inbound_ids:
                understand(uow, wired.receivers, inbound_id)
            uow.session.flush()
            concerned = screens_concerned(uow.session, inbound_ids)
    except (CrmError, SQLAlchemyError) as wrong:
        _log.warning("understood_later", arrivals=list(inbound_ids)[:10], error=type(wrong).__name__)
        return
    for agent_id, call_id in concerned:
        tell_console(wired.redis, agent_id, {"call": call_id})
