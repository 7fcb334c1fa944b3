"""How long a run measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Args:
    seconds: of each round.
    rounds: of what is compared; the median is kept.
    mails: how many to drain.
    """

    cases: int
    seconds: float
    rounds: int
    mails: int


def full(cases: int) -> Plan:
    return Plan(cases=cases, seconds=8, rounds=3, mails=10_000)


def quick(cases: int) -> Plan:
    return Plan(cases=cases, seconds=0.8, rounds=1, mails=1_000)
