"""A town, its leads and its supervisor, and a calendar nobody has changed yet."""

from __future__ import annotations

import pytest

from crm.foundation import SYSTEM, FrozenClock, Units
from tests import given
from tests.promises.house import Promised, agent_id


@pytest.fixture
def promised(units: Units, clock: FrozenClock) -> Promised:
    """Tuesday 15 September 2026, 10:00; promises of five working days, until 18:00."""
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        leads = {
            "lead": agent_id(uow, given.agent(uow, "team_lead", unit="voirie")),
            "field": agent_id(uow, given.agent(uow, "field_agent", unit="voirie")),
            "supervisor": agent_id(uow, given.agent(uow, "supervisor")),
        }
    return Promised(units, clock, town, leads)
