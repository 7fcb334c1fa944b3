"""The daily balance: what arrived, what became of it, and where anything is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask_login import current_user

from crm.access import Permission
from crm.foundation import PARIS
from crm.http import gettext as _
from crm.http import in_sentence, needs, reading, wiring, wording
from crm.http.spreadsheets import MIMETYPES, as_csv
from crm.inbox import (
    UNSEEN,
    ArrivalLine,
    Balance,
    Outcome,
    Passed,
    Reconciliation,
    arrivals_of,
    reconcile,
)
from crm.web.inbox.blueprint import bp
from crm.web.inbox.lists import Row, after_line, passed_line, who_wrote

PAGE = 50
_DAYS = 7  # shown unless another span is asked for
_MOST_DAYS = 92
ENDS = (
    Outcome.CASE, Outcome.REPLY, Outcome.INFORMATION, Outcome.RECEIPT, Outcome.COPY, Outcome.DISCARDED,
    Outcome.CONFIRM, Outcome.WAITING, UNSEEN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A day of a channel: each number opens its list. `discards`: « indésirable : 3, doublon : 1 »."""

    balance: Balance
    ends: tuple[tuple[str, int, str], ...]
    discards: str


@bp.get("/bilan")
@needs(Permission.INBOUND_SORT)
def balance() -> str:
    first, last = _span()
    found = _found(first, last)
    return render_template(
        "web/inbox/balance.html",
        first=first,
        last=last,
        ends=[_end(outcome) for outcome in ENDS],
        lines=[_line(one) for one in found.lines],
        totals=[sum(one.with_end(outcome) for one in found.lines) for outcome in ENDS],
        arrived=sum(one.arrived for one in found.lines),
        found=found,
    )


@bp.get("/bilan.csv")
@needs(Permission.INBOUND_SORT)
def balance_csv() -> Response:
    first, last = _span()
    answer = Response(as_csv(_rows(_found(first, last))), mimetype=MIMETYPES["csv"])
    answer.headers["Content-Disposition"] = f'attachment; filename="arrivees-{first}-{last}.csv"'
    return answer


@bp.get("/bilan/<jour>/<canal>/<fin>")
@needs(Permission.INBOUND_SORT)
def behind(jour: str, canal: str, fin: str) -> str:
    """The arrivals behind a number of the balance."""
    outcome = UNSEEN if fin == "non-lus" else fin
    day = _day(jour)
    if day is None or outcome not in ENDS:
        abort(404)
    after = passed_line()
    with reading() as session:
        lines = arrivals_of(session, current_user.actor, day, canal, outcome, after=after, limit=PAGE)
    return _behind(lines, day, canal, fin, outcome, after)


def _behind(
    lines: list[ArrivalLine], day: date, channel: str, end: str, outcome: str, after: Passed | None
) -> str:
    more = after_line(lines[-1]) if len(lines) == PAGE else ""
    here: dict[str, Any] = {"jour": day.isoformat(), "canal": channel, "fin": end}
    return render_template(
        "web/inbox/behind.html",
        heading=f"{_end(outcome)} — {wording(channel, 'channel')}",
        day=day,
        rows=[Row(line, who_wrote(line), "") for line in lines],
        next_href=url_for("inbox.behind", **here, apres=more) if more else "",
        first_href=url_for("inbox.behind", **here) if after else "",
    )


def _found(first: date, last: date) -> Reconciliation:
    with reading() as session:
        return reconcile(session, current_user.actor, first, last, wiring().clock.now())


def _line(one: Balance) -> Line:
    def address(outcome: str) -> str:
        return url_for("inbox.behind", jour=one.day.isoformat(), canal=one.channel, fin=outcome or "non-lus")

    ends = tuple((str(outcome), one.with_end(outcome), address(outcome)) for outcome in ENDS)
    return Line(one, ends, _discards(one))


def _discards(one: Balance) -> str:
    ordered = sorted(one.discards.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{in_sentence(wording(why, 'aside'))} : {many}" for why, many in ordered)


def _end(outcome: str) -> str:
    return wording(outcome, "arrival_outcome") if outcome else _("Pas encore lus")


def _rows(found: Reconciliation) -> Iterator[list[str]]:
    yield [
        _("Jour"), _("Canal"), _("Arrivés"), *(_end(outcome) for outcome in ENDS), _("Écart"), _("Motifs"),
    ]  # fmt: skip
    for one in found.lines:
        numbers = [str(one.arrived), *(str(one.with_end(o)) for o in ENDS), str(one.unproven)]
        yield [one.day.isoformat(), wording(one.channel, "channel"), *numbers, _discards(one)]


def _span() -> tuple[date, date]:
    """`?du=&au=`; the last seven days unless told otherwise, never more than a quarter."""
    today = wiring().clock.now().astimezone(PARIS).date()
    last = _day(request.args.get("au", "")) or today
    first = _day(request.args.get("du", "")) or last - timedelta(days=_DAYS - 1)
    if first > last:
        first, last = last, first
    return max(first, last - timedelta(days=_MOST_DAYS)), last


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
