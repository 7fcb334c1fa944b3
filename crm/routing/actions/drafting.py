"""Drafts: begun from the last version, brought up to date when another was published meanwhile, dropped."""

from __future__ import annotations

import sqlalchemy as sa

from crm.access import Permission, require
from crm.foundation import IllegalStep, NotFound, UnitOfWork
from crm.routing.comparing import Rebased, differences, rebased
from crm.routing.drafts import latest_version
from crm.routing.events import RoutingDraftDropped, RoutingDraftRefreshed, RoutingDraftStarted
from crm.routing.models import RoutingSimulation, RoutingTable
from crm.routing.rows import RULES, rules_of, write_rules


def start_draft(uow: UnitOfWork, *, note: str = "") -> int:
    """A copy of the last version published, in force or to come; its rules keep their numbers.

    Args:
        note: why it is begun, proposed again when it is published.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    latest = latest_version(uow.session)
    draft = RoutingTable(note=note, created_by=uow.actor.id, changed_at=uow.now)
    if latest is not None:
        draft.based_on_id = latest.id
        draft.outside_advice, draft.outside_advice_en = latest.outside_advice, latest.outside_advice_en
    uow.session.add(draft)
    uow.session.flush()
    if latest is not None:
        copied = [column for column in RULES.c if column.name not in {"id", "table_id", "revision"}]
        of_latest = sa.select(sa.literal(draft.id), *copied).where(RULES.c.table_id == latest.id)
        names = ["table_id", *(column.name for column in copied)]
        uow.session.execute(sa.insert(RULES).from_select(names, of_latest))
    uow.record(RoutingDraftStarted(subject_id=draft.id, version=latest.version if latest else None))
    return draft.id


def drop_draft(uow: UnitOfWork, draft_id: int) -> None:
    """Its rules and its simulations go; what was done stays told in the facts.

    Raises:
        IllegalStep: it was published.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    draft = hold_draft(uow, draft_id)
    changed = differences(rules_of(uow.session, draft.based_on_id), rules_of(uow.session, draft.id))
    uow.record(RoutingDraftDropped(subject_id=draft.id, rules_changed=len(changed)))
    uow.session.execute(sa.delete(RULES).where(RULES.c.table_id == draft.id))
    uow.session.execute(sa.delete(RoutingSimulation).where(RoutingSimulation.table_id == draft.id))
    uow.session.execute(sa.delete(RoutingTable).where(RoutingTable.id == draft.id))


def refresh_draft(uow: UnitOfWork, draft_id: int) -> Rebased:
    """Do the draft's changes again on the last version published.

    Where both changed one rule, the draft's own words stand, and its number is told to be read again.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    draft = hold_draft(uow, draft_id)
    latest = latest_version(uow.session)
    if latest is None or latest.id == draft.based_on_id:
        return Rebased(rules_of(uow.session, draft.id), ())
    before, ours, theirs = (rules_of(uow.session, one) for one in (draft.based_on_id, draft.id, latest.id))
    done = rebased(before, ours, theirs)
    uow.session.execute(sa.delete(RULES).where(RULES.c.table_id == draft.id))
    write_rules(uow.session, draft.id, done.rules)
    draft.based_on_id, draft.changed_at = latest.id, uow.now
    told = RoutingDraftRefreshed(subject_id=draft.id, version=latest.version or 0, clashes=list(done.clashes))
    uow.record(told)
    return done


def hold_draft(uow: UnitOfWork, draft_id: int) -> RoutingTable:
    """A draft, locked: it is edited, brought up to date or published by one person at a time.

    Raises:
        NotFound.
        IllegalStep: it is a version; nothing of it changes any more.
    """
    require(uow.actor, Permission.ROUTING_EDIT)
    held = sa.select(RoutingTable).where(RoutingTable.id == draft_id).with_for_update()
    draft = uow.session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if draft is None:
        raise NotFound(table_id=draft_id)
    if draft.version is not None:
        raise IllegalStep(verb="edit", state="published")
    return draft
