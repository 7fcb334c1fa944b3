"""The board itself: figures, tables and their pictures, in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask_login import current_user

from crm.access import Permission, everywhere
from crm.cases.together.counting import tally
from crm.foundation import Actor
from crm.http import language, needs, ngettext, reading, wiring, wording
from crm.reporting import (
    AGES,
    Moments,
    Pile,
    Unkept,
    Volumes,
    Waiting,
    moments,
    unkept,
    volumes,
    waiting,
)
from crm.web.kept_counts import kept
from crm.web.reporting.blueprint import bp
from crm.web.reporting.pictures import Columns, Stack, columns, stacks
from crm.web.reporting.sorting import to_sort
from crm.web.reporting.wording import age_words, figure_words, file_words
from crm.web.weeks import WeekLine, week_lines

_RED = frozenset({"retard", "urgences", "contestees", "accuses", "rappels"})
_UNITS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that opens its list."""

    code: str
    label: str
    number: int
    href: str
    tone: str


@dataclass(frozen=True, slots=True)
class Cell:
    number: int
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A queue or a unit in the table."""

    key: str
    label: str
    total: Cell
    ages: list[Cell]
    late: Cell
    soon: Cell


@bp.get("")
@needs(Permission.BOARD_VIEW)
def show() -> str:
    """`?partie=1`: what changes, without its frame, for the page that is already open."""
    actor, now = current_user.actor, wiring().clock.now()
    at = moments(wiring().rulebooks.current().calendar, now)
    whole = everywhere(actor, Permission.BOARD_VIEW)
    reach = (actor.id, actor.roles, actor.unit_ids, actor.places)  # by agent: some read what few may
    board, owed, came = kept(("board", reach), lambda: _counted(actor, at, whole))
    page = "web/reporting/_figures.html" if request.args.get("partie") else "web/reporting/board.html"
    shown = _shown(board, owed, came, at)
    shown["figures"] += kept(("incidents counted", reach), lambda: _incidents(actor))
    shown["weeks"] = kept(("weeks", language(), reach), _weeks)
    with reading() as session:
        shown["to_sort"] = to_sort(session) if whole else None
    return render_template(page, **shown, **_calls(owed))


def _weeks() -> list[WeekLine]:
    """Of the units that the agent works in."""
    with reading() as session:
        return week_lines(session)


def _incidents(actor: Actor) -> list[Figure]:
    """So many contacts, so few problems: an incident counts for one."""
    with reading() as session:
        found = tally(session, actor)
    label = ngettext(
        "Incident en cours, %(many)s",
        "Incidents en cours, %(many)s",
        found.incidents,
        many=ngettext("%(num)d contact", "%(num)d contacts", found.contacts),
    )
    tone = "warn" if found.incidents else ""
    return [Figure("incidents", label, found.incidents, url_for("incidents.show"), tone)]


def _counted(actor: Actor, at: Moments, whole: bool) -> tuple[Waiting, Unkept | None, Volumes | None]:
    with reading() as session:
        return (
            waiting(session, actor, at),
            unkept(session, actor, at) if whole else None,
            volumes(session, at) if whole else None,
        )


def _shown(board: Waiting, owed: Unkept | None, came: Volumes | None, at: Moments) -> dict[str, Any]:
    files = [_row(pile, file_words(str(pile.key)), "file") for pile in board.files]
    units = _unit_rows(board.units[:_UNITS_SHOWN])
    return {
        "now": at.now,
        "figures": _figures(board, owed),
        "files": files,
        "units": units,
        "other_units": len(board.units) - _UNITS_SHOWN,
        "ages": [age_words(age) for age in AGES],
        "waiting": sum(pile.waiting for pile in board.files),
        "picture": _stacks(board.files),
        "came": came,
        "hours": _hours(came) if came else None,
        "today": sum(hour.opened for hour in came.hours) if came else 0,
        "week_before": sum(hour.week_before for hour in came.hours) if came else 0,
        "channels": [(wording(c.channel, "channel"), c.week, c.month) for c in came.channels] if came else [],
        "channel_picture": _channels(came) if came else None,
        "week": sum(c.week for c in came.channels) if came else 0,
        "month": sum(c.month for c in came.channels) if came else 0,
    }


def _calls(owed: Unkept | None) -> dict[str, Any]:
    """Calls without a demand today, by motive."""
    address, ended = url_for("reporting.ended_calls"), owed.ended if owed else {}
    rows = [
        (reason, wording(reason, "call_reason"), Cell(many, f"{address}?{urlencode({'motif': reason})}"))
        for reason, many in ended.items()
    ]
    return {"ended_calls": rows, "ended_in_all": Cell(sum(ended.values()), address)}


def _figures(board: Waiting, owed: Unkept | None) -> list[Figure]:
    found = [
        _figure(code, number, url_for("reporting.cases", chiffre=code))
        for code, number in board.figures.items()
    ]
    if owed is not None:
        found.append(_figure("accuses", owed.receipts, url_for("reporting.receipts")))
        found.append(_figure("rappels", owed.calls, url_for("reporting.calls")))
    return found


def _figure(code: str, number: int, href: str) -> Figure:
    tone = "danger" if code in _RED else "warn"
    return Figure(code, figure_words(code), number, href, tone if number else "")


def _unit_rows(piles: list[Pile]) -> list[Row]:
    known = wiring().rulebooks.units()
    return [_row(pile, known[int(pile.key)].name, "service") for pile in piles if int(pile.key) in known]


def _row(pile: Pile, label: str, by: str) -> Row:
    address = url_for("reporting.cases")  # once: building each of a hundred costs more than counting

    def cell(number: int, **more: str) -> Cell:
        return Cell(number, f"{address}?{urlencode({by: pile.key, **more})}")

    return Row(
        key=f"{by}-{pile.key}",
        label=label,
        total=cell(pile.waiting),
        ages=[cell(number, age=age) for number, age in zip(pile.ages, AGES, strict=True)],
        late=cell(pile.late, chiffre="retard"),
        soon=cell(pile.soon, chiffre="bientot"),
    )


def _stacks(piles: list[Pile]) -> list[Stack]:
    return stacks([(file_words(str(pile.key)), pile.ages) for pile in piles])


def _hours(came: Volumes) -> Columns:
    """From seven in the morning to eight in the evening, and further when something came."""
    busy = [h.hour for h in came.hours if h.opened or h.week_before]
    first, last = min([7, *busy]), max([19, *busy])
    shown = came.hours[first : last + 1]
    said = "{} h" if language() == "fr" else "{}:00"
    return columns([(said.format(h.hour), h.opened, h.week_before) for h in shown])


def _channels(came: Volumes) -> list[Stack]:
    return stacks([(wording(c.channel, "channel"), (c.week, c.month - c.week)) for c in came.channels])
