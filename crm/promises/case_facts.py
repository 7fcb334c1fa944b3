"""What bears on the clocks of one case. Pure; `facts.py` reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.cases import CaseState
from crm.deadlines import URGENT, Adapted, DelayUnit, Pause, Span, spans_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """Everything that bears on the clocks of one case.

    Args:
        delay, delay_unit: what its category promises.
        is_told: there is somebody to answer, and a way.
        entrusted_at: when its present unit was given it; None while nobody is competent.
        taken_at: when that unit took it up.
        set_by: who gave the date we work to: `category`, `delay`, `raised` or `reopened`.
        set_at: and when.
        needs: their usager said what support they need.
    """

    case_id: int
    seen_event: int
    state: CaseState
    priority: int
    channel: str
    delay: int
    delay_unit: DelayUnit
    unit_id: int | None
    accepted_by_id: int | None
    is_told: bool
    is_duplicate: bool
    received_at: datetime
    created_at: datetime
    announced_due_at: datetime | None
    due_at: datetime
    resolved_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    entrusted_at: datetime | None = None
    taken_at: datetime | None = None
    receipt_at: datetime | None = None
    first_answer_at: datetime | None = None
    set_by: str = "category"
    set_at: datetime
    pauses: tuple[Pause, ...] = ()
    needs: bool = False

    def spans(self, adapted: Adapted) -> tuple[Span, ...]:
        """What pauses take out of the delay; a danger waits for nobody."""
        return (
            () if self.priority == URGENT else spans_of(self.pauses, adapted.longest_pause(needs=self.needs))
        )

    @property
    def gave_up_at(self) -> datetime | None:
        """When it ended without an answer being owed: cancelled, or answered with another demand."""
        return self.closed_at if self.state == CaseState.CANCELLED or self.is_duplicate else None
