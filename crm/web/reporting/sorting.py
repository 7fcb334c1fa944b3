"""« À trier », on the board: what reached us and waits for a person, by channel and by age; and its lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import abort, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, allows
from crm.http import gettext as _
from crm.http import needs, reading, wiring, wording
from crm.inbox import (
    WAITING_AGES,
    AgeLimits,
    ArrivalLine,
    Passed,
    WaitingPile,
    age_limits,
    arrivals_waiting,
    piles_to_sort,
)
from crm.web.inbox.lists import after_line, passed_line, who_wrote
from crm.web.reporting.blueprint import bp

PAGE = 50


@dataclass(frozen=True, slots=True)
class ToSort:
    """What the board says of it. `tone`: of the figure, red as soon as something is late."""

    many: int
    href: str
    tone: str
    ages: list[str]
    rows: list[tuple[str, str, list[tuple[int, str]]]]  # channel, its words, number and list of each age


def to_sort(session: Session) -> ToSort | None:
    """None for whoever sorts nothing."""
    if not allows(current_user.actor, Permission.INBOUND_SORT):
        return None
    piles = piles_to_sort(session, current_user.actor, _limits())
    late = sum(pile.ages[-1] for pile in piles)
    many = sum(pile.waiting for pile in piles)
    return ToSort(
        many=many,
        href=url_for("reporting.messages"),
        tone="danger" if late else "warn" if many else "",
        ages=[_("En tout"), *(_age_words(age) for age in WAITING_AGES)],
        rows=[(pile.channel, wording(pile.channel, "channel"), _cells(pile)) for pile in piles],
    )


def _cells(pile: WaitingPile) -> list[tuple[int, str]]:
    address = url_for("reporting.messages")
    asked = [{"canal": pile.channel}, *({"canal": pile.channel, "age": age} for age in WAITING_AGES)]
    numbers = (pile.waiting, *pile.ages)
    return [(many, f"{address}?{urlencode(of)}") for many, of in zip(numbers, asked, strict=True)]


@bp.get("/messages")
@needs(Permission.BOARD_VIEW)
def messages() -> str:
    """`?canal=email&age=old`"""
    channel, age = request.args.get("canal", ""), request.args.get("age", "")
    if age not in {"", *WAITING_AGES}:
        abort(404)
    after = passed_line()
    with reading() as session:
        found = arrivals_waiting(
            session, current_user.actor, _limits(), channel=channel, age=age, after=after, limit=PAGE
        )
    here: dict[str, Any] = {name: value for name, value in (("canal", channel), ("age", age)) if value}
    return _list(found, channel, age, here, after)


def _list(
    found: list[ArrivalLine], channel: str, age: str, here: dict[str, Any], after: Passed | None
) -> str:
    more = after_line(found[-1]) if len(found) == PAGE else ""
    said = (_("À trier"), wording(channel, "channel") if channel else "", _age_words(age) if age else "")
    return render_template(
        "web/reporting/messages.html",
        heading=" — ".join(filter(None, said)),
        rows=[(line, who_wrote(line)) for line in found],
        next_href=url_for("reporting.messages", **here, apres=more) if more else "",
        first_href=url_for("reporting.messages", **here) if after else "",
    )


def _limits() -> AgeLimits:
    return age_limits(wiring().rulebooks.current().calendar, wiring().clock.now())


def _age_words(age: str) -> str:
    return {"fresh": _("moins de 2 h"), "today": _("dans la journée"), "old": _("en retard")}[age]
