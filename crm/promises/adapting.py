"""Settings → what is given to who said what support they need."""

from __future__ import annotations

from crm.deadlines import Adapted
from crm.foundation.settings import Promises


def adapted_by(settings: Promises) -> Adapted:
    return Adapted(settings.needs_answer_times, settings.needs_acceptance_part)
