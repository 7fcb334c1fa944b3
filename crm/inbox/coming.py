"""All that reached us, wherever it is kept, as rows of one shape: counted, listed and proved alike.

A message is an arrival, whatever it became. A call is one row, whatever the exchange told of it. What a form,
a counter or a partner sent is the demand, or the exchange, that it made. What a message or a call made is
counted with that message or that call, and not again.
Of a demand that few may read, the others are told nothing: not even a number.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from crm.access import not_barred
from crm.cases import Case
from crm.foundation import PARIS, Actor
from crm.inbox.models import Inbound, InboundRaw, Outcome
from crm.inbox.reach import readable_arrivals
from crm.intake import WalkIn
from crm.interactions import CallReason, Interaction, PhoneCall, SendingState

Column = Any  # of SQL: an attribute of a model, or an expression
UNSEEN = ""  # no end yet: the job that reads has not come to it
_READ_WITHIN = timedelta(minutes=15)
_SAID_WITHIN = timedelta(hours=12)  # while its agent is still asked what the call was
_EXCERPT = 160
_NOTHING_ASKED = (CallReason.WRONG_NUMBER, CallReason.CUT_OFF, CallReason.ABUSE)
_NONE: Column = sa.cast(sa.null(), sa.Text)
_NO_CASE: Column = sa.cast(sa.null(), sa.BigInteger)
_EMPTY: Column = sa.literal("", sa.Text)


def came(first: date, last: date, now: datetime, actor: Actor) -> sa.Subquery:
    """For the actor, from the first day to the last, by the clock of the centre.

    Columns: `source` and `id` (where it is kept), `at`, `channel`, `outcome`, `reason` (a code), `why` its
    end is not believed, `how` a call was met, `case_id`, `who` and `said`.
    """
    begins = datetime.combine(first, time(), tzinfo=PARIS)
    ends = datetime.combine(last + timedelta(days=1), time(), tzinfo=PARIS)
    arrivals, received_at = _arrivals(now)
    read = arrivals.where(readable_arrivals(actor)), received_at
    sources = (read, _calls(now), _walk_ins(now), _demands(), _exchanges())
    within = [query.where(at >= begins, at < ends) for query, at in sources]
    every = sa.union_all(*within).subquery("every")
    told = sa.or_(every.c.case_id.is_(None), not_barred(actor, every.c.case_id, Case.__table__))
    return sa.select(every).where(told).subquery("came")


def _row(
    source: str,
    id_: Column,
    at: Column,
    channel: Column,
    outcome: Column,
    *,
    reason: Column = _NONE,
    why: Column = _NONE,
    how: Column = _EMPTY,
    case_id: Column = _NO_CASE,
    who: Column = _EMPTY,
    said: Column = _EMPTY,
) -> list[Column]:
    told = {"id": id_, "at": at, "channel": channel, "outcome": outcome, "reason": reason, "why": why}
    more = {"how": how, "case_id": case_id, "who": who, "said": sa.func.left(said, _EXCERPT)}
    columns = [column.label(name) for name, column in (told | more).items()]
    return [sa.literal(source, sa.Text).label("source"), *columns]


def _arrivals(now: datetime) -> tuple[Any, Column]:
    """An end is believed when what it speaks of is there: the demand, and the content as it came."""
    case = sa.exists().where(Case.id == Inbound.case_id)
    raw = sa.exists().where(InboundRaw.inbound_id == Inbound.id)
    why = sa.case(
        (sa.and_(Inbound.outcome.in_((Outcome.CASE, Outcome.REPLY)), ~case), "no_case"),
        (sa.and_(Inbound.key.is_(None), ~raw), "no_raw"),
        (sa.and_(Inbound.outcome.is_(None), Inbound.received_at < now - _READ_WITHIN), "not_read"),
        else_=_NONE,
    )
    columns = _row(
        "arrival", Inbound.id, Inbound.received_at, Inbound.channel,
        sa.func.coalesce(Inbound.outcome, UNSEEN),
        reason=Inbound.reason, why=why, case_id=Inbound.case_id,
        who=_first_said(Inbound.sender_name, Inbound.sender), said=_first_said(Inbound.subject, Inbound.text),
    )  # fmt: skip
    # What the exchange tells of a call is no arrival: the call is.
    of_a_call = sa.and_(Inbound.channel == "phone", Inbound.reason == "call")
    return sa.select(*columns).where(of_a_call.is_not(True)), Inbound.received_at


def _first_said(*texts: Column) -> Column:
    return sa.func.coalesce(*(sa.func.nullif(text, "") for text in texts), "")


def _calls(now: datetime) -> tuple[Any, Column]:
    """What was written of a call says what it became; of one that nobody took, the call back does."""
    said, back = aliased(Interaction), aliased(Interaction)
    case = sa.exists().where(Case.id == said.case_id)
    missed, written = PhoneCall.missed_at.is_not(None), PhoneCall.interaction_id.is_not(None)
    unsaid = sa.and_(~written, ~missed)
    outcome = sa.case(
        (sa.and_(said.case_id.is_not(None), said.kind == "opening"), Outcome.CASE),
        (said.case_id.is_not(None), Outcome.REPLY),
        (said.reason.in_(_NOTHING_ASKED), Outcome.DISCARDED),
        (written, Outcome.INFORMATION),
        (sa.and_(missed, PhoneCall.caller == ""), Outcome.DISCARDED),
        (sa.and_(missed, back.state == SendingState.CALLED), Outcome.INFORMATION),
        (sa.and_(missed, back.state == SendingState.CANCELLED), Outcome.DISCARDED),
        else_=Outcome.WAITING,
    )
    reason = sa.case(
        (written, said.reason),
        (sa.and_(missed, PhoneCall.caller == ""), "number_hidden"),
        (missed, sa.func.concat("back_", back.state)),
        else_="unsaid",
    )
    why = sa.case(
        (sa.and_(written, sa.or_(said.id.is_(None), sa.and_(said.case_id.is_not(None), ~case))), "no_case"),
        (sa.and_(missed, ~written, PhoneCall.caller != "", back.id.is_(None)), "no_call_back"),
        (sa.and_(unsaid, PhoneCall.created_at < now - _SAID_WITHIN), "not_said"),
        else_=_NONE,
    )
    how = sa.case((PhoneCall.answered_at.is_not(None), "answered"), (missed, "missed"), else_="")
    columns = _row(
        "call", PhoneCall.id, PhoneCall.created_at, sa.literal("phone", sa.Text), outcome,
        reason=reason, why=why, how=how, case_id=said.case_id, who=PhoneCall.caller, said=PhoneCall.line,
    )  # fmt: skip
    joined = sa.select(*columns).select_from(PhoneCall).outerjoin(said, said.id == PhoneCall.interaction_id)
    return joined.outerjoin(back, back.id == PhoneCall.call_back_id), PhoneCall.created_at


def _walk_ins(now: datetime) -> tuple[Any, Column]:
    """Somebody who took a number and was not received before the doors closed has left."""
    closed = WalkIn.day < now.astimezone(PARIS).date()
    outcome = sa.case(
        (WalkIn.case_id.is_not(None), Outcome.CASE),
        (WalkIn.seen_at.is_not(None), Outcome.INFORMATION),
        (closed, Outcome.DISCARDED),
        else_=Outcome.WAITING,
    )
    reason = sa.case((WalkIn.seen_at.is_(None), sa.case((closed, "left"), else_=_NONE)), else_=_NONE)
    columns = _row(
        "walk_in", WalkIn.id, WalkIn.arrived_at, sa.literal("desk", sa.Text), outcome,
        reason=reason, case_id=WalkIn.case_id, who=sa.cast(WalkIn.number, sa.Text),
    )  # fmt: skip
    return sa.select(*columns), WalkIn.arrived_at


# Written out, so that the index of what arrivals made serves: it holds no parameter.
_NOT_BY_ARRIVAL = sa.text(
    "NOT EXISTS (SELECT 1 FROM inbound AS i WHERE i.outcome = 'case'"
    " AND (i.details -> 'cases') @> to_jsonb(cases.id))"
)


def _demands() -> tuple[Any, Column]:
    """Those that no message, no call and no number of a counter made: they came by themselves."""
    by_call = sa.exists().where(
        Interaction.case_id == Case.id, Interaction.call_id.is_not(None), Interaction.kind == "opening"
    )
    by_walk_in = sa.exists().where(WalkIn.case_id == Case.id)
    columns = _row(
        "case", Case.id, Case.received_at, Case.channel, sa.literal(str(Outcome.CASE), sa.Text),
        case_id=Case.id, said=Case.object,
    )  # fmt: skip
    return sa.select(*columns).where(~by_call, ~by_walk_in, _NOT_BY_ARRIVAL), Case.received_at


def _exchanges() -> tuple[Any, Column]:
    """What was said of a demand that was there; and calls without one, where the exchange is not heard."""
    own_id = sa.func.substr(Interaction.external_id, sa.func.strpos(Interaction.external_id, ":") + 1)
    by_arrival = sa.exists().where(Inbound.channel == Interaction.channel, Inbound.external_id == own_id)
    case = sa.exists().where(Case.id == Interaction.case_id)
    is_call = Interaction.kind == "call"
    outcome = sa.case(
        (sa.and_(is_call, Interaction.reason.in_(_NOTHING_ASKED)), Outcome.DISCARDED),
        (is_call, Outcome.INFORMATION),
        else_=Outcome.REPLY,
    )
    columns = _row(
        "exchange", Interaction.id, Interaction.occurred_at, Interaction.channel, outcome,
        reason=Interaction.reason,
        why=sa.case((sa.and_(~is_call, ~case), "no_case"), else_=_NONE),
        case_id=Interaction.case_id, said=Interaction.body,
    )  # fmt: skip
    # As the index has it, without a parameter.
    came_in = sa.literal_column(
        "interactions.direction = 'in' AND interactions.kind <> 'opening'", sa.Boolean
    )
    query = sa.select(*columns).where(came_in, Interaction.call_id.is_(None), ~by_arrival)
    return query, Interaction.occurred_at
