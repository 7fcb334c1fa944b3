"""What is given to those who said what support they need: more time to answer us, a service sooner. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from crm.deadlines.pauses import LONGEST_PAUSE


@dataclass(frozen=True, slots=True)
class Adapted:
    """
    Args:
        answer_times: how many times the usual time they have to answer our question.
        acceptance_part: the part of the usual time in which a service takes their demand in charge.
    """

    answer_times: int = 2
    acceptance_part: float = 0.5

    def longest_pause(self, *, needs: bool) -> timedelta:
        return LONGEST_PAUSE * (self.answer_times if needs else 1)


ADAPTED = Adapted()
