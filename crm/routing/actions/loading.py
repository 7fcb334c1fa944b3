"""Publishing a version of the decision table from a file."""

from __future__ import annotations

from pathlib import Path

from crm.access import Permission, require
from crm.foundation import Invalid, UnitOfWork
from crm.routing.checking import check
from crm.routing.drafts import latest_version
from crm.routing.events import RoutingPublished
from crm.routing.models import RoutingTable
from crm.routing.one_at_a_time import one_at_a_time
from crm.routing.rows import write_rules
from crm.routing.rule_file import read_rule_file, spread_rules
from crm.routing.wording import problem_sentence
from crm.staff import units


def load_routing(uow: UnitOfWork, path: Path) -> int:
    """Publish the rules of a file as a new version, in force at once; former versions stay, to explain.

    Returns:
        The number of the new version.

    Raises:
        NotAllowed.
        Invalid: `problems` names every mistake at once; nothing was published. Rules are numbered after
            lists were spread when they contradict each other, as in the file when an entry is wrong.
    """
    require(uow.actor, Permission.ROUTING_LOAD)
    read = read_rule_file(path)
    cards = units(uow.session)
    rules = spread_rules(read, {card.code: card.id for card in cards})
    if problems := check(rules, {card.id: card for card in cards}):
        raise Invalid({"file": "unusable"}, problems=[problem_sentence(problem) for problem in problems])
    one_at_a_time(uow.session)
    latest = latest_version(uow.session)
    if latest and latest.effective_at and latest.effective_at > uow.now:
        scheduled = f"la version {latest.version} doit prendre effet plus tard : retirez-la d’abord"
        raise Invalid({"file": "unusable"}, problems=[scheduled])
    table = RoutingTable(
        version=(latest.version or 0) + 1 if latest else 1,
        note=read.note,
        outside_advice=read.outside_advice,
        outside_advice_en=read.outside_advice_en,
        based_on_id=latest.id if latest else None,
        created_by=uow.actor.id,
        published_at=uow.now,
        published_by=uow.actor.id,
        effective_at=uow.now,
    )
    uow.session.add(table)
    uow.session.flush()
    write_rules(uow.session, table.id, rules)
    uow.record(RoutingPublished(subject_id=table.id, version=table.version or 0, rules=len(rules)))
    return table.version or 0
