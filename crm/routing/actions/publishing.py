"""A draft becomes the next version, at once or from a day on; a version to come may still be taken back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import Conflict, IllegalStep, Invalid, UnitOfWork, clean
from crm.routing.actions.drafting import hold_draft
from crm.routing.checking import check
from crm.routing.comparing import differences
from crm.routing.drafts import latest_version
from crm.routing.events import RoutingPublished, RoutingWithdrawn
from crm.routing.models import RoutingTable
from crm.routing.one_at_a_time import one_at_a_time
from crm.routing.rows import rules_of
from crm.routing.simulations import fresh_simulation
from crm.staff import units

_UNTRIED = " — Publiée sans simulation\N{NO-BREAK SPACE}: "  # in the note, among its author’s words


def publish_draft(
    uow: UnitOfWork, draft_id: int, *, note: str, unsimulated: str = "", effective_at: datetime | None = None
) -> RoutingTable:
    """
    Args:
        note: why, for whoever reads the history; compulsory.
        unsimulated: why it was not tried as it stands, kept with the note; compulsory when it was not.
        effective_at: None: at once. Versions take effect in the order of their numbers.

    Raises:
        Conflict: a colleague published another version since this draft was begun (`version`).
        Invalid: no note, neither simulated nor said why, a past date or one before a version to come, ties or
            rules that lead nowhere, nothing changed.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    one_at_a_time(uow.session)
    draft = hold_draft(uow, draft_id)
    latest = latest_version(uow.session)
    if latest is not None and draft.based_on_id != latest.id:
        raise Conflict(version=latest.version)
    at = effective_at or uow.now
    rules = rules_of(uow.session, draft.id)
    words, is_tried = clean(note), fresh_simulation(uow.session, uow.actor, draft.id) is not None
    wrong = {"note": "required"} if not words else {}
    if not (is_tried or clean(unsimulated)):
        wrong["unsimulated"] = "simulate_or_say_why"
    if at < uow.now:
        wrong["effective_on"] = "past"
    elif latest and latest.effective_at and latest.effective_at > at:
        wrong["effective_on"] = "before_the_next"
    if check(rules, {card.id: card for card in units(uow.session)}):
        wrong["rules"] = "to_mend"
    elif latest and not differences(rules_of(uow.session, latest.id), rules):
        wrong["rules"] = "nothing_changed"
    if wrong:
        raise Invalid(wrong)
    draft.version = (latest.version or 0) + 1 if latest else 1
    draft.note = words if is_tried else f"{words}{_UNTRIED}{clean(unsimulated)}"
    draft.published_at, draft.published_by, draft.effective_at = uow.now, uow.actor.id, at
    told = RoutingPublished(
        subject_id=draft.id, version=draft.version, rules=len(rules), effective_at=at.isoformat()
    )
    uow.record(told)
    return draft


def withdraw_version(uow: UnitOfWork, table_id: int) -> RoutingTable:
    """The version that was to take effect later is a draft again. No demand was decided by it.

    Raises:
        IllegalStep: it is in force already.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    one_at_a_time(uow.session)
    table = latest_version(uow.session)
    if table is None or table.id != table_id or not table.effective_at or table.effective_at <= uow.now:
        raise IllegalStep(verb="withdraw", state="in_force")
    uow.record(RoutingWithdrawn(subject_id=table.id, version=table.version or 0))
    begun_on_it = sa.update(RoutingTable).where(RoutingTable.based_on_id == table.id)
    uow.session.execute(begun_on_it.values(based_on_id=table.based_on_id))  # its changes are theirs now
    table.note = table.note.partition(_UNTRIED)[0]  # asked again when it is published again
    table.version = table.published_at = table.published_by = table.effective_at = None
    table.changed_at = uow.now
    return table
