"""A delay said before it is suffered, and a priority raised by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission
from crm.cases import announce_delay, one_case, raise_priority
from crm.foundation import Conflict, IllegalStep, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number, wiring
from crm.notifications import compose_delay
from crm.web.cases.blueprint import bp
from crm.web.cases.views import page


@bp.post("/<reference:reference>/retard")
@needs(Permission.CASE_VIEW)
def delay(reference: str) -> ResponseReturnValue:
    """The usager is told at once; the first date announced to them stays as it was."""
    return _acted(reference, "delay", _announce)


@bp.post("/<reference:reference>/priorite")
@needs(Permission.CASE_VIEW)
def raise_case(reference: str) -> ResponseReturnValue:
    return _acted(reference, "raise", _raise)


def _acted(reference: str, verb: str, act: Callable[[str, int], str]) -> ResponseReturnValue:
    try:
        told = act(reference, whole_number(request.form.get("seen_version")) or 0)
    except Invalid as refusal:
        wrong = reasons(refusal)
        return page(reference, wrong=wrong, typed=request.form, act=verb), 422
    except (Conflict, IllegalStep):
        return page(reference, typed=request.form, act=verb, clash=True), 409
    flash(told, "ok")
    return redirect(url_for("cases.show", reference=reference), 303)


def _announce(reference: str, seen: int) -> str:
    motive, due_on = request.form.get("motive", ""), _day(request.form.get("due_on", ""))
    known = wiring()
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        message = compose_delay(
            session, known.settings.centre, case, motive=motive, due_on=due_on, now=known.clock.now()
        )
    with unit_of_work() as uow:
        announce_delay(uow, reference, due_on=due_on, motive=motive, message=message, seen_version=seen)
    if message is None:
        return _("Nouvelle date enregistrée. L’usager n’a laissé aucun moyen de le prévenir.")
    if message.channel == "phone":
        return _("Nouvelle date enregistrée. L’usager est à rappeler pour le lui dire.")
    return _("Nouvelle date enregistrée. L’usager est prévenu du retard.")


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Invalid({"due_on": "not_a_date" if typed.strip() else "required"}) from None


def _raise(reference: str, seen: int) -> str:
    chosen, book = whole_number(request.form.get("priority")) or 0, wiring().rulebooks.current()
    with unit_of_work() as uow:
        raise_priority(uow, book, reference, priority=chosen, seen_version=seen)
    return _("Priorité relevée.")
