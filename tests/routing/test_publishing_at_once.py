"""Two administrators press « Publier » in the same second, on two connections."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crm.foundation import SYSTEM, Actor, Conflict, FrozenClock, Units
from crm.routing import Rule, add_rule, publish_draft, start_draft, versions
from tests import given
from tests.own_database import own_units
from tests.servers import Servers
from tests.waiting import at_once

ADMIN = Actor(kind="agent", id=1, roles=frozenset({"config_admin"}))


@pytest.fixture
def both(servers: Servers, clock: FrozenClock) -> Iterator[Units]:
    with own_units(servers.database_url, "publishing", clock) as units:
        yield units


def test_one_is_published_and_the_other_told_which(both: Units) -> None:
    with both.begin(SYSTEM) as uow:
        town = given.town(uow)
    drafts = []
    for category in ("VIE-01", "DECH-01"):
        with both.begin(ADMIN) as uow:
            drafts.append(start_draft(uow))
            rule = Rule(id=0, position=0, decision="route", category_code=category, unit_id=town.roads)
            add_rule(uow, drafts[-1], rule)

    def publish(draft_id: int) -> str:
        try:
            with both.begin(ADMIN) as uow:
                publish_draft(uow, draft_id, note="En même temps", unsimulated="Rien n’est encore décidé")
        except Conflict as refused:
            return f"conflict with {refused.details['version']}"
        return "published"

    assert sorted(at_once(publish, *drafts)) == ["conflict with 2", "published"]
    with both.reading() as session:
        assert [card.version for card in versions(session, ADMIN)] == [None, 2, 1]
