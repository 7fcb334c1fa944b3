"""What waits, on the left; the one that is read, on the right."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user

from crm.access import Permission
from crm.contacts import display_phone
from crm.foundation import NotFound, Unavailable
from crm.http import cursor_of, needs, passed_in, reading, wiring
from crm.inbox import (
    ELSEWHERE,
    ArrivalLine,
    ArrivalSheet,
    Aside,
    Came,
    Passed,
    age_of,
    arrivals_to_sort,
    one_arrival,
    read_again,
    safe_html,
)
from crm.staff import UnitCard
from crm.web.inbox.blueprint import bp
from crm.web.inbox.hints import Hints, hints_of
from crm.web.inbox.wording import left_out_words, trust_of, weight
from crm.web.writing import Written, written

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A line on the left. `age` is a code; the words say it too."""

    line: ArrivalLine
    who: str
    age: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The right-hand pane.

    Args:
        weight: of the whole, in words.
        files: names and weights of what was joined, in their order.
        layout: whether the mail has one that may be shown.
        blocked: pictures of it that stay where they are.
        lost: the raw content could not be read again.
    """

    sheet: ArrivalSheet
    who: str
    age: str
    trust: tuple[str, str, str]
    hints: Hints
    weight: str
    files: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    layout: bool = False
    blocked: int = 0
    lost: bool = False


@bp.get("")
@needs(Permission.INBOUND_SORT)
def waiting() -> str:
    return page()


@bp.get("/<int:inbound_id>")
@needs(Permission.INBOUND_SORT)
def show(inbound_id: int) -> str:
    return page(inbound_id)


def page(inbound_id: int | None = None, wrong: dict[str, str] | None = None, **more: Any) -> str:
    """The whole screen, with what was typed when an act was refused."""
    after = passed_line()
    with reading() as session:
        lines = arrivals_to_sort(session, current_user.actor, after=after, limit=PAGE)
    next_after = after_line(lines[-1]) if len(lines) == PAGE else ""
    now, calendar = wiring().clock.now(), wiring().rulebooks.current().calendar
    rows = [Row(line, who_wrote(line), age_of(line.received_at, now, calendar)) for line in lines]
    shown = reading_of(inbound_id) if inbound_id is not None else None
    return render_template(
        "web/inbox/sorting.html",
        rows=rows,
        shown=shown,
        reply=_reply(shown.sheet) if shown else None,
        bodies=bodies(),
        asides=list(Aside),
        wrong=defaultdict(str, wrong or {}),
        next_href=url_for("inbox.waiting", apres=next_after) if next_after else "",
        first_href=url_for("inbox.waiting") if after else "",
        **{
            "typed": defaultdict(str, request.form),
            "found": None,
            "sought": "",
            "act": "",
            "clash": "",
            **more,
        },
    )


def reading_of(inbound_id: int) -> Reading:
    wired = wiring()
    with reading() as session:
        sheet = one_arrival(session, current_user.actor, inbound_id)
        hints = hints_of(session, sheet)
        try:
            told = read_again(session, wired.storage, wired.receivers, sheet)
            lost = False
        except (NotFound, Unavailable):
            told, lost = None, True
    layout = safe_html(told.html) if told else None
    return Reading(
        sheet=sheet,
        who=who_wrote(sheet),
        age=age_of(sheet.received_at, wired.clock.now(), wired.rulebooks.current().calendar),
        trust=trust_of(sheet),
        hints=hints,
        weight=weight(sheet.size),
        files=tuple((file.name, weight(len(file.content))) for file in told.files) if told else (),
        left_out=left_out_words(told.left_out if told else (), sheet.details.get("left_out", ())),
        layout=layout is not None,
        blocked=layout.blocked if layout else 0,
        lost=lost,
    )


def _reply(sheet: ArrivalSheet) -> Written | None:
    if not sheet.is_to_sort or not sheet.sender:
        return None
    return written(sheet.channel, sheet.sender, sheet.sender_name, request.form.get("body", ""))


def bodies() -> list[UnitCard]:
    """Those to which what they are competent for is forwarded."""
    known = wiring().rulebooks.units().values()
    ours = [card for card in known if card.is_active and card.operation == ELSEWHERE]
    return sorted(ours, key=lambda card: (card.organization_name, card.name))


def who_wrote(arrival: ArrivalLine | ArrivalSheet) -> str:
    """« Zoé Lefèvre », else the address or the number as people read it."""
    shown = display_phone(arrival.sender) if arrival.sender.startswith("+") else arrival.sender
    return arrival.sender_name or shown


def passed_line() -> Passed | None:
    """`?apres=<microseconds>-<id>`; anything else is the first page."""
    passed = passed_in(request.args.get("apres", ""))
    return Passed(*passed) if passed else None


def after_line(line: ArrivalLine | Came) -> str:
    return cursor_of(line.received_at, line.id)
