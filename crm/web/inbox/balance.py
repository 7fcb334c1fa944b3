"""The daily balance: what arrived, what became of it, and where anything is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask_login import current_user

from crm.access import Permission
from crm.cases import case_references, spoken
from crm.contacts import display_phone
from crm.foundation import PARIS
from crm.http import gettext as _
from crm.http import in_sentence, needs, reading, wiring, wording
from crm.http.spreadsheets import MIMETYPES, as_csv
from crm.inbox import UNSEEN, Balance, Came, Outcome, Passed, Reconciliation, reconcile, what_came
from crm.web.inbox.blueprint import bp
from crm.web.inbox.lists import after_line, passed_line

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


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that came, and where it is now."""

    at: datetime
    what: str
    who: str
    reason: str
    href: str


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
        lost=_rows_of(list(found.unproven)),
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
    """What stands behind a number of the balance."""
    outcome = UNSEEN if fin == "non-lus" else fin
    day = _day(jour)
    if day is None or outcome not in ENDS:
        abort(404)
    after, now = passed_line(), wiring().clock.now()
    with reading() as session:
        found = what_came(session, current_user.actor, day, canal, outcome, now, after=after, limit=PAGE)
    return _behind(found, day, canal, fin, outcome, after)


def _behind(found: list[Came], day: date, channel: str, end: str, outcome: str, after: Passed | None) -> str:
    more = after_line(found[-1]) if len(found) == PAGE else ""
    here: dict[str, Any] = {"jour": day.isoformat(), "canal": channel, "fin": end}
    return render_template(
        "web/inbox/behind.html",
        heading=f"{_end(outcome)} — {wording(channel, 'channel')}",
        day=day,
        rows=_rows_of(found),
        next_href=url_for("inbox.behind", **here, apres=more) if more else "",
        first_href=url_for("inbox.behind", **here) if after else "",
    )


def _rows_of(found: list[Came]) -> list[Row]:
    with reading() as session:
        references = case_references(
            session, [one.case_id for one in found if one.case_id], current_user.actor
        )
    return [_row(one, references.get(one.case_id or 0, "")) for one in found]


def _row(one: Came, reference: str) -> Row:
    """A message opens where it is sorted, a call that nobody qualified where it is said; else the demand."""
    href = url_for("cases.show", reference=reference) if reference else ""
    if one.source == "arrival":
        href = url_for("inbox.show", inbound_id=one.id)
    elif one.source == "call" and one.outcome == Outcome.WAITING:
        href = url_for("inbox.call", call_id=one.id)
    shown = display_phone(one.who) if one.who.startswith("+") else one.who
    who = _("n° %(number)s", number=shown) if one.source == "walk_in" else shown
    return Row(one.at, one.said or (spoken(reference) if reference else _what(one)), who, _why(one), href)


def _what(one: Came) -> str:
    return {"call": _("Appel"), "walk_in": _("Passage au guichet"), "exchange": _("Échange")}.get(
        one.source, _("Message sans texte")
    )


def _why(one: Came) -> str:
    if one.why:
        return wording(one.why, "arrival_reason")
    if not one.reason or one.outcome not in {Outcome.DISCARDED, Outcome.INFORMATION, Outcome.WAITING}:
        return ""
    return _reason(one.reason, one.channel)


def _reason(code: str, channel: str) -> str:
    """Why a message was set aside, why a call made no demand, what became of one that nobody took."""
    families = ("call_reason", "came_reason") if channel in _BY_VOICE else ("aside", "came_reason")
    return next((said for family in families if (said := wording(code, family)) != _UNKNOWN), "")


_UNKNOWN = "—"
_BY_VOICE = frozenset({"phone", "phone_relay"})


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
    return ", ".join(f"{in_sentence(_reason(why, one.channel))} : {many}" for why, many in ordered)


def _end(outcome: str) -> str:
    if outcome == Outcome.WAITING:
        return _("En attente")
    return wording(outcome, "arrival_outcome") if outcome else _("Pas encore lus")


def _rows(found: Reconciliation) -> Iterator[list[str]]:
    yield [
        _("Jour"), _("Canal"), _("Arrivés"), _("Appels répondus"), _("Appels manqués"),
        *(_end(outcome) for outcome in ENDS), _("Écart"), _("Motifs"),
    ]  # fmt: skip
    for one in found.lines:
        numbers = [str(one.arrived), *(str(one.with_end(o)) for o in ENDS), str(one.unproven)]
        met = [str(one.answered), str(one.missed)]
        numbers[1:1] = met
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
