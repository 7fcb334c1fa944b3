"""Facts: of one demand, and of all those within reach, to be followed from one known to the next."""

from __future__ import annotations

from crm.access import Permission, allows, reach_marks
from crm.api.public_case import may_show
from crm.api.v1 import pages
from crm.api.v1.blueprint import Refused
from crm.api.v1.operations import Asking, Operation, Reply, offers
from crm.api.v1.shapes import said
from crm.api.v1.work_shapes import AfterQuery, Fact, FactPage, FactQuery, Feed
from crm.cases import facts_within_reach, parse_reference, tracked_case
from crm.foundation import NotFound
from crm.http import reading, wiring
from crm.trail import TrailEntry, is_public, timeline, without_taken_back

_IN_PUBLIC = frozenset({"planned_on", "due_on", "outcome"})


@offers(
    Operation(
        name="listCaseEvents",
        method="GET",
        path="/cases/<reference>/events",
        summary="What happened to one demand, oldest first; in public, what the resident is told.",
        scope="read",
        query=FactQuery,
        answer=FactPage,
        paged=True,
        refusals=(404,),
    )
)
def of_case(asking: Asking, reference: str) -> Reply:
    actor, query = asking.caller.actor, asking.query
    whole = parse_reference(reference)
    catalogue, _index = wiring().rulebooks.categories()
    with reading() as session:
        case = tracked_case(session, whole)
        inside = case is not None and allows(actor, Permission.CASE_VIEW, case)
        if case is None or not (inside or may_show(case, catalogue, actor)):
            raise NotFound(reference=whole)
        facts = timeline(session, "case", case.id)
    public = not inside or query.public == "true"
    told = without_taken_back(facts)
    kept = [fact for fact in told if is_public(fact)] if public else facts
    found = [fact for fact in kept if fact.id > query.after]
    following = found[query.limit - 1].id if len(found) > query.limit else None
    items = [_told(fact, whole, public=public) for fact in found[: query.limit]]
    return Reply(FactPage(items=items, next=following), pages.link_to(following))


@offers(
    Operation(
        name="followEvents",
        method="GET",
        path="/events",
        summary="Facts of all demands within reach since a known one; call again with `next`.",
        scope="read",
        query=AfterQuery,
        answer=Feed,
        refusals=(403,),
    )
)
def feed(asking: Asking) -> Reply:
    actor, query = asking.caller.actor, asking.query
    if reach_marks(actor) == frozenset():
        raise Refused(403, "no_perimeter")
    with reading() as session:
        found, last = facts_within_reach(session, actor, query.after, wiring().clock.now(), limit=query.limit)
    items = [_told(fact, reference, public=False) for reference, fact in found]
    return Reply(Feed(items=items, next=last))


def _told(fact: TrailEntry, reference: str, *, public: bool) -> Fact:
    data = {name: value for name, value in fact.data.items() if not public or name in _IN_PUBLIC}
    return Fact(
        id=fact.id,
        at=said(fact.at),
        kind=fact.kind,
        reference=reference,
        actor=fact.actor_kind,
        data=data,
    )
