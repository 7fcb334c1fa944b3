"""Work orders as machines do them: those within reach, one, its verbs, the photo that proves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crm.access import Permission, allows, reach_marks
from crm.api.v1 import pages, photos
from crm.api.v1.asking import Caller, etag
from crm.api.v1.blueprint import Refused
from crm.api.v1.operations import Asking, Operation, Reply, act_on, offers
from crm.api.v1.order_shapes import (
    Order,
    OrderFilters,
    OrderPage,
    OrderPlanGiven,
    OrderReportGiven,
    SecuredGiven,
    SentBackGiven,
)
from crm.api.v1.repeating import Act, act_once
from crm.api.v1.shapes import Photo, said
from crm.cases import BounceReason, parse_reference
from crm.cases import orders as work
from crm.foundation import PARIS, UnitOfWork
from crm.http import reading, wiring

_VIEWS = {
    "all": "toutes",
    "to_take": "a-prendre",
    "to_plan": "a-planifier",
    "planned": "prevues",
    "late": "en-retard",
}
_ONE = "/cases/<reference>/orders/<int:number>"
_LAST_DAY = date.max.toordinal()


@offers(
    Operation(
        name="listOrders",
        method="GET",
        path="/orders",
        summary="Open work orders that the token's units owe, the nearest day first.",
        scope="read",
        query=OrderFilters,
        answer=OrderPage,
        paged=True,
        refusals=(403,),
    )
)
def list_orders(asking: Asking) -> Reply:
    actor, query = asking.caller.actor, asking.query
    if reach_marks(actor, Permission.ORDER_VIEW) == frozenset():
        raise Refused(403, "no_perimeter")
    with reading() as session:
        found = work.order_page(
            session, actor, _VIEWS[query.view], _today(), after=_passed(query.after), limit=query.limit + 1
        )
    page, following = found[: query.limit], None
    if len(found) > query.limit:
        following = f"{page[-1].due_on.toordinal()}-{page[-1].id}"
    told = OrderPage(items=[_told(asking.caller, one) for one in page], next=following)
    return Reply(told, pages.link_to(following))


def _passed(after: str | None) -> work.Passed | None:
    """One made by hand is read as best it can."""
    if after is None:
        return None
    day, _dash, order_id = after.partition("-")
    return work.Passed(date.fromordinal(min(max(int(day), 1), _LAST_DAY)), int(order_id))


@offers(
    Operation(
        name="readOrder",
        method="GET",
        path=_ONE,
        summary="One work order: what is to be done, where, never who asked.",
        scope="read",
        answer=Order,
        etag=True,
        refusals=(404,),
    )
)
def read_order(asking: Asking, reference: str, number: int) -> Reply:
    return _shown(asking.caller, parse_reference(reference), number)


@offers(act_on("acceptOrder", f"{_ONE}/accept", "The unit takes it up.", answer=Order))
def accept(asking: Asking, reference: str, number: int) -> Reply:
    def act(uow: UnitOfWork, of: str, seen: int) -> object:
        return work.accept_order(uow, of, number, seen_version=seen)

    return _act(asking, reference, number, act)


@offers(
    act_on(
        "planOrder",
        f"{_ONE}/plan",
        "The day of the works is known; whoever leads the demand reads it.",
        answer=Order,
        body=OrderPlanGiven,
    )
)
def plan(asking: Asking, reference: str, number: int) -> Reply:
    given: OrderPlanGiven = asking.body
    wanted = work.OrderPlan(planned_on=given.planned_on, slot=given.slot, crew=given.crew)

    def act(uow: UnitOfWork, of: str, seen: int) -> object:
        return work.plan_order(uow, of, number, plan=wanted, seen_version=seen)

    return _act(asking, reference, number, act)


@offers(
    act_on(
        "secureOrder",
        f"{_ONE}/secure",
        "The danger is away, the final works are dated: it stays open for them.",
        answer=Order,
        body=SecuredGiven,
    )
)
def secure(asking: Asking, reference: str, number: int) -> Reply:
    given: SecuredGiven = asking.body

    def act(uow: UnitOfWork, of: str, seen: int) -> object:
        _prove(uow, of, number, given.photos)
        return work.secure_order(
            uow, of, number, planned_on=given.planned_on, report=given.text, seen_version=seen
        )

    return _act(asking, reference, number, act)


@offers(
    act_on(
        "finishOrder",
        f"{_ONE}/finish",
        "The unit's part is done, with its proof where the category asks for one.",
        answer=Order,
        body=OrderReportGiven,
    )
)
def finish(asking: Asking, reference: str, number: int) -> Reply:
    given: OrderReportGiven = asking.body
    report = work.OrderReport(outcome=given.outcome, text=given.text, no_photo=given.no_photo)

    def act(uow: UnitOfWork, of: str, seen: int) -> object:
        _prove(uow, of, number, given.photos)
        return work.finish_order(uow, of, number, report=report, seen_version=seen)

    return _act(asking, reference, number, act)


@offers(
    act_on(
        "sendBackOrder",
        f"{_ONE}/send-back",
        "The unit will not do it, and says why.",
        answer=Order,
        body=SentBackGiven,
    )
)
def send_back(asking: Asking, reference: str, number: int) -> Reply:
    given: SentBackGiven = asking.body

    def act(uow: UnitOfWork, of: str, seen: int) -> object:
        reason = BounceReason(given.reason)
        return work.send_back_order(uow, of, number, reason=reason, motive=given.motive, seen_version=seen)

    return _act(asking, reference, number, act)


@offers(
    Operation(
        name="stageOrderPhoto",
        method="POST",
        path=f"{_ONE}/photos",
        summary="A photo of the works; name its token in the `photos` of the report.",
        scope="update",
        answer=Photo,
        status=201,
        takes_file=True,
        refusals=(403, 404),
    )
)
def photo(asking: Asking, reference: str, number: int) -> Reply:
    actor = asking.caller.actor
    with reading() as session:
        order = work.one_order(session, actor, parse_reference(reference), number)
    return photos.stage(actor, order)


def _prove(uow: UnitOfWork, reference: str, number: int, tokens: Sequence[str]) -> None:
    order = work.one_order(uow.session, uow.actor, reference, number)
    photos.prove(uow, order, order.case_id, tokens)


def _act(asking: Asking, reference: str, number: int, act: Act) -> Reply:
    return _shown(asking.caller, act_once(asking, reference, act), number)


def _shown(caller: Caller, reference: str, number: int) -> Reply:
    """Raises NotFound."""
    with reading() as session:
        order = work.one_order(session, caller.actor, reference, number)
    return Reply(_told(caller, order), etag(order.version))


def _today() -> date:
    return wiring().clock.now().astimezone(PARIS).date()


def _told(caller: Caller, one: work.Order) -> Order:
    unit = wiring().rulebooks.units().get(one.unit_id)
    category = wiring().rulebooks.categories()[0].category(one.category_code or "")
    return Order(
        reference=one.reference,
        number=one.number,
        state=one.state,
        unit_code=unit.code if unit else None,
        work=one.work,
        category_code=one.category_code,
        priority=one.priority,
        object=one.title,
        place=one.place_label,
        place_hint=one.place_hint,
        insee=one.insee,
        lon=one.lon,
        lat=one.lat,
        due_on=one.due_on,
        is_late=one.is_open and one.due_on < _today(),
        planned_on=one.planned_on,
        slot=one.slot,
        crew=one.crew,
        asked_at=said(one.asked_at),
        made_safe_at=said(one.made_safe_at) if one.made_safe_at else None,
        ended_at=said(one.ended_at) if one.ended_at else None,
        outcome=one.outcome,
        ended_with=one.ended_with,
        asks_photo=category is not None and category.evidence,
        version=one.version,
        verbs=[
            step.verb
            for step in work.order_steps_from(one.state)
            if step.verb != "withdraw" and allows(caller.actor, step.permission, one)
        ],
    )
