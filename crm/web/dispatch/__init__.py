"""« À qualifier » as a supervisor empties it, and the queue of a unit handed to another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.cases import ToPlace, UsualUnit, cases_to_place, route_case, to_place_by_unit, usual_units
from crm.cases.usual_units import proposed_units
from crm.foundation import Conflict, CrmError, IllegalStep, Invalid
from crm.http import gettext as _
from crm.http import needs, ngettext, reading, unit_of_work, whole_number, wiring
from crm.http.errors import STATUS, told
from crm.routing import OUTSIDE
from crm.staff import UnitCard
from crm.web.explaining import category_labels, commune_names, unit_name

bp = Blueprint("dispatch", __name__, url_prefix="/console/a-qualifier")
AT_ONCE = 200  # cases on the page, and in one go
_PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Row:
    """A case with its names, and where ones like it went.

    Args:
        value: what the box sends: reference, version seen, unit proposed.
    """

    line: ToPlace
    category: str
    commune: str
    proposed: str
    why: str
    value: str


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of one case."""

    reference: str
    said: str
    done: bool


@bp.get("")
@needs(Permission.CASE_REDISPATCH)
def show() -> str:
    """`?service=3`: what that unit has, to hand it to another."""
    return _page({}, {})


@bp.post("")
@needs(Permission.CASE_REDISPATCH)
def route() -> ResponseReturnValue:
    """One transaction a case: what fails holds back nothing else, and says why."""
    typed = request.form
    chosen = typed.getlist("case")[:AT_ONCE]
    wrong = _wrong(typed.get("unit_id", ""), typed.get("motive", ""), chosen)
    if wrong:
        return _page(typed, wrong, ticked=set(chosen)), 422
    done = [_place(value, typed["unit_id"], typed["motive"]) for value in chosen]
    return _page({}, {}, placed=done)


def _wrong(unit: str, motive: str, chosen: list[str]) -> dict[str, str]:
    wrong = {}
    if not chosen:
        wrong["case"] = _("Cochez au moins une demande.")
    if unit != _PROPOSED and whole_number(unit) is None:
        wrong["unit_id"] = _("Choisissez un service, ou la proposition de chaque ligne.")
    if not motive.strip():
        wrong["motive"] = _("Écrivez pourquoi : le service et l’historique le liront.")
    return wrong


def _place(value: str, unit: str, motive: str) -> Placed:
    reference, _colon, rest = value.partition("|")
    version, _colon, proposed = rest.partition("|")
    unit_id = whole_number(proposed if unit == _PROPOSED else unit)
    if unit_id is None:
        return Placed(reference, _("Aucune proposition pour cette demande : choisissez un service."), False)
    try:
        with unit_of_work() as uow:
            book, seen = wiring().rulebooks.current(), whole_number(version) or 0
            route_case(uow, book, reference, unit_id=unit_id, motive=motive, seen_version=seen)
    except CrmError as refusal:
        return Placed(reference, _refused(refusal), False)
    return Placed(reference, _("Confiée à « %(unit)s ».", unit=unit_name(unit_id)), True)


def _refused(refusal: CrmError) -> str:
    if isinstance(refusal, Conflict | IllegalStep):
        return _("Elle a changé entre-temps : regardez-la avant de la confier.")
    if isinstance(refusal, Invalid):
        return _("Ce service n’est plus en activité.")
    return told(STATUS[type(refusal)]).heading


def _page(typed: Any, wrong: dict[str, str], **more: Any) -> str:
    asked = request.args.get("service", "") or request.form.get("service", "")
    unit_id = whole_number(asked)
    if asked and unit_id is None:
        abort(404)
    actor, cards = current_user.actor, wiring().rulebooks.units()
    with reading() as session:
        lines = cases_to_place(session, actor, unit_id, limit=AT_ONCE)
        counts = to_place_by_unit(session, actor)
        ours = [card for card in cards.values() if card.is_active and card.operation != OUTSIDE]
        active = [card.id for card in ours if card.id != unit_id]
        named = proposed_units(session, (line.id for line in lines if line.bounce_count and not unit_id))
        usual = usual_units(session, [(line.category_code, line.insee) for line in lines], active)
    return render_template(
        "web/dispatch/show.html",
        **{"placed": (), "ticked": set(), **more},
        unit=cards.get(unit_id or 0),
        rows=[
            _row(line, usual.get((line.category_code or "", line.insee or "")), named.get(line.id), cards)
            for line in lines
        ],
        total=counts.get(unit_id, 0),
        absent=[_absent(card, counts) for card in _closed(counts, cards) if card.id != unit_id],
        units=[card for card in ours if card.id != unit_id],
        sources=[card for card in cards.values() if counts.get(card.id)],
        counts=counts,
        typed=defaultdict(str, typed),
        wrong=defaultdict(str, wrong),
        now=wiring().clock.now(),
        here=url_for("dispatch.show", service=unit_id),
    )


def _row(line: ToPlace, usual: UsualUnit | None, named: int | None, cards: Any) -> Row:
    """`named`: the unit that whoever sent it back proposes; it knows the place."""
    category, commune = category_labels(), commune_names()
    proposed = cards[usual.unit_id] if usual else None
    why = _("%(times)s sur %(all)s semblables", times=usual.times, all=usual.out_of) if usual else ""
    if named in cards and cards[named].is_active:
        proposed, why = cards[named], _("par le service qui l’a renvoyée")
    return Row(
        line=line,
        category=category(line.category_code),
        commune=commune.get(line.insee or "", ""),
        proposed=proposed.name if proposed else "",
        why=why,
        value=f"{line.reference}|{line.version}|{proposed.id if proposed else ''}",
    )


def _absent(card: UnitCard, counts: dict[int | None, int]) -> dict[str, str]:
    said = ngettext(
        "« %(unit)s » n’est plus en activité et garde une demande.",
        "« %(unit)s » n’est plus en activité et garde %(num)d demandes.",
        counts[card.id],
        unit=card.name,
    )
    return {"said": said, "href": url_for("dispatch.show", service=card.id)}


def _closed(counts: dict[int | None, int], cards: Any) -> list[UnitCard]:
    """Units that are closed and still have work: somebody must take it."""
    return [card for card in cards.values() if not card.is_active and counts.get(card.id)]
