"""Why somebody outside is asked, what they may answer, and for how long. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from crm.foundation import PARIS, Actor


class Purpose(StrEnum):
    REFERRAL = "referral"  # they are competent instead of us (CRPA L114-2)
    OPINION = "opinion"
    WORK = "work"  # of a contractor, on a case entrusted to it


class Answer(StrEnum):
    TAKEN = "taken"
    PLANNED = "planned"
    DONE = "done"
    REFUSED = "refused"
    GIVEN = "given"


FINAL = frozenset({Answer.DONE, Answer.REFUSED, Answer.GIVEN})  # the link opens nothing afterwards
_NEXT: Mapping[Purpose, Mapping[Answer | None, tuple[Answer, ...]]] = {
    Purpose.OPINION: {None: (Answer.GIVEN,)},
    Purpose.REFERRAL: {
        None: (Answer.TAKEN, Answer.DONE, Answer.REFUSED),
        Answer.TAKEN: (Answer.DONE, Answer.REFUSED),
    },
    Purpose.WORK: {
        None: (Answer.TAKEN, Answer.PLANNED, Answer.DONE, Answer.REFUSED),
        Answer.TAKEN: (Answer.PLANNED, Answer.DONE, Answer.REFUSED),
        Answer.PLANNED: (Answer.PLANNED, Answer.DONE, Answer.REFUSED),
    },
}


@dataclass(frozen=True, slots=True)
class Delays:
    """In calendar days: by when an answer is hoped for, and how long afterwards the link still opens."""

    due: int
    after: int


# Fifteen days for whoever is competent instead of us: beyond, domain law calls for an alarm.
DELAYS: Mapping[Purpose, Delays] = {
    Purpose.REFERRAL: Delays(15, 60),
    Purpose.OPINION: Delays(7, 14),
    Purpose.WORK: Delays(7, 30),
}
LONGEST_DAYS = 366
REMINDED_DAYS_BEFORE = 2


def possible(purpose: Purpose, answer: Answer | None) -> tuple[Answer, ...]:
    """What may still be answered, the usual first; nothing once it was answered for good."""
    return _NEXT[purpose].get(answer, ())


def usual_day(purpose: Purpose, today: date) -> date:
    return today + timedelta(days=DELAYS[purpose].due)


def ends_at(purpose: Purpose, due_on: date) -> datetime:
    """The end of the last day on which the link opens."""
    last = due_on + timedelta(days=DELAYS[purpose].after + 1)
    return datetime.combine(last, time(), tzinfo=PARIS)


def guest(link_id: int, purpose: Purpose, unit_id: int | None, organization_id: int | None) -> Actor:
    """Who acts by a link: a contractor within its own unit, anybody else as a voice on one case."""
    if purpose is Purpose.WORK and unit_id is not None:
        return Actor(
            kind="guest",
            id=link_id,
            organization_id=organization_id,
            roles=frozenset({"guest_worker"}),
            unit_ids=frozenset({unit_id}),
        )
    return Actor(kind="guest", id=link_id, organization_id=organization_id, roles=frozenset({"guest"}))
