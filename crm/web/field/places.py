"""A place where the unit has work, found for whoever may do it; and where the telephone is, about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_login import current_user

from crm.access import Permission, Reach, require
from crm.cases.orders import one_order
from crm.http import reading
from crm.web.cases.files import case_to_fill

_DECIMALS = 3  # about a hundred metres: enough to choose where to go next


@dataclass(frozen=True, slots=True)
class Spot:
    """
    Args:
        number: of the order; None: the case is the unit's own.
        subject: what decides who may.
    """

    reference: str
    number: int | None
    asked_at: datetime
    lon: float | None
    lat: float | None
    subject: Reach


def spot_of(reference: str, number: int | None) -> Spot:
    """Asked before any file is opened.

    Raises:
        NotFound: no such place, or out of reach.
        NotAllowed: within reach, and not the actor's to do.
    """
    if number is None:
        case = case_to_fill(reference, Permission.CASE_RESOLVE)
        return Spot(reference, None, case.received_at, case.lon, case.lat, case)
    with reading() as session:
        order = one_order(session, current_user.actor, reference, number)
    require(current_user.actor, Permission.ORDER_DO, order)
    return Spot(reference, number, order.asked_at, order.lon, order.lat, order)


def here(lon: str, lat: str) -> tuple[float, float] | None:
    """Rounded, whatever was sent; None for what is no position."""
    try:
        found = round(float(lon), _DECIMALS), round(float(lat), _DECIMALS)
    except ValueError:
        return None
    return found if -180 <= found[0] <= 180 and -90 <= found[1] <= 90 else None
