"""A demand made from a message that reached us: dated from its reception, and settling it."""

from __future__ import annotations

import re
from dataclasses import replace

from flask_login import current_user

from crm.foundation import PARIS, UnitOfWork
from crm.http import reading
from crm.inbox import made_case, one_arrival
from crm.intake import Demand
from crm.web.intake.forms import DemandForm

_GIVEN = re.compile(r"(\d{1,18})-(\d{1,9})")


def arrival_in(form: DemandForm) -> tuple[int, int] | None:
    """The arrival's id, and the version that the agent had under their eyes."""
    given = _GIVEN.fullmatch(form.arrival.data or "")
    return (int(given[1]), int(given[2])) if given else None


def dated(form: DemandForm, demand: Demand) -> Demand:
    """Received when the message was, unless the agent wrote another day.

    Raises:
        NotFound: there is no such arrival.
    """
    came = arrival_in(form)
    if came is None:
        return demand
    with reading() as session:
        received_at = one_arrival(session, current_user.actor, came[0]).received_at
    own_day = received_at.astimezone(PARIS).date()
    written = form.received_on.data
    return replace(demand, received_at=received_at) if written in {None, own_day} else demand


def settle(uow: UnitOfWork, form: DemandForm, case_id: int, *, joined: bool = False) -> None:
    """In the same transaction as the demand: both are kept, or neither.

    Raises:
        Conflict, IllegalStep: somebody decided about the message since.
    """
    if came := arrival_in(form):
        made_case(uow, *came, case_id, joined=joined)
