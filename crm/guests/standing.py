"""Does a link still open, and if not, why. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from crm.cases import CaseState
from crm.guests.purposes import Purpose


class Standing(StrEnum):
    OPEN = "open"
    EXPIRED = "expired"  # its holder is told so: a key is not guessed, they really received it
    OVER = "over"  # answered, withdrawn, or the case went elsewhere: nothing is said of which


class Link(Protocol):
    """What of a link decides."""

    @property
    def purpose(self) -> str: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def order_id(self) -> int | None: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...


class Work(Protocol):
    """What of its order does, when it is about one."""

    @property
    def unit_id(self) -> int | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


class Demand(Protocol):
    """What of its case does."""

    @property
    def state(self) -> CaseState: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


def standing(link: Link, case: Demand, now: datetime, order: Work | None = None) -> Standing:
    if link.ended_at is not None or not _concerns(link, case, order):
        return Standing.OVER
    return Standing.OPEN if now < link.ends_at else Standing.EXPIRED


def _concerns(link: Link, case: Demand, order: Work | None) -> bool:
    """Is the case, or the order, still what the link is about?"""
    if link.order_id is not None:
        return order is not None and order.ended_at is None and order.unit_id == link.unit_id
    if link.purpose == Purpose.REFERRAL:
        return case.state is CaseState.CLOSED and case.outcome == "T"
    if link.purpose == Purpose.WORK:
        return (
            case.closed_at is None and case.state is not CaseState.RESOLVED and case.unit_id == link.unit_id
        )
    return case.closed_at is None
