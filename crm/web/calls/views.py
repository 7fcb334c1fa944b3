"""What an open console shows of the call that rings on its agent's telephone."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.cases import known_contacts
from crm.contacts import ContactHit, contact_cards, display_phone, search_contacts
from crm.http import gettext as _
from crm.http import in_sentence, needs, ngettext, reading, unit_of_work, whole_number, wiring, wording
from crm.http.consoles import consoles, event
from crm.intake import help_waiting
from crm.interactions import Call, CallCard, CallReason, call_for, call_to_say, end_call, qualify_call
from crm.web.calls.blueprint import bp
from crm.web.incidents.banner import incidents_to_say

_MOST = 5


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may be calling. `is_shared`: the number is known to serve several people, so nobody is proposed."""

    hits: tuple[ContactHit, ...]
    is_shared: bool

    @property
    def only(self) -> ContactHit | None:
        return self.hits[0] if len(self.hits) == 1 and not self.is_shared else None


@bp.get("/direct")
@needs(Permission.SELF_EDIT)
def live() -> ResponseReturnValue:
    """A stream that tells when a call of this agent rings, moves or ends; 204 where none can be held."""
    agent_id = current_user.actor.id
    with reading() as session:
        waiting = call_to_say(session, agent_id, wiring().clock.now())
        asked = help_waiting(session, current_user.actor, wiring().clock.now())
    said = [event({"call": waiting})] if waiting else []
    first = b"".join([*said, *(event({"help": card.id}) for card in asked)]) or b": \n\n"
    body = consoles().stream(request.environ, agent_id, first)
    if body is None:
        return "", 204
    # No buffering on the way: nginx would keep the words for itself.
    return Response(body, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})


@bp.get("/<int:call_id>")
@needs(Permission.CASE_CREATE)
def strip(call_id: int) -> str:
    """The strip of a call; 404 when it is another's, or nothing is left to do about it."""
    with reading() as session:
        call = call_for(session, current_user.actor.id, call_id)
        found = _candidates(session, call)
    return render_template(
        "web/calls/_strip.html",
        call=call,
        entry="desk.new" if current_user.actor.places else "intake.new",
        number=display_phone(call.caller) if call.caller else "",
        found=found,
        motives=[(str(code), wording(code, "call_reason")) for code in CallReason],
        said=_aloud(call, found),
        incidents=incidents_to_say() if not call.is_said else [],
    )


def _candidates(session: Session, call: CallCard) -> Candidates:
    """By the whole number alone: the end of one proves nothing when nobody has said a word."""
    if not call.caller:
        return Candidates((), False)
    hits = [hit for hit in search_contacts(session, call.caller, _MOST) if hit.certainty != "maybe"]
    known = known_contacts(session, current_user.actor, [hit.id for hit in hits])
    mine = tuple(hit for hit in hits if hit.id in known)
    cards = contact_cards(session, [hit.id for hit in mine])
    points = [point for card in cards.values() for point in card.points if point.value == call.caller]
    return Candidates(mine, any(point.is_shared for point in points))


def _aloud(call: CallCard, found: Candidates) -> str:
    """For who listens to the screen: one sentence."""
    if call.is_over:
        return _("Appel terminé, à qualifier.")
    number = display_phone(call.caller) if call.caller else _("numéro caché")
    if found.only:
        return _("Appel de %(who)s, %(number)s.", who=found.only.display_name, number=number)
    if found.hits:
        many = ngettext("%(num)d personne possible", "%(num)d personnes possibles", len(found.hits))
        return _("Appel, %(number)s : %(many)s.", number=number, many=many)
    return _("Appel, %(number)s, inconnu.", number=number)


@bp.post("/<int:call_id>/fin")
@needs(Permission.CASE_CREATE)
def qualify(call_id: int) -> ResponseReturnValue:
    """Why this call makes no demand, from the strip, once it is over."""
    reason = request.form.get("reason", "")
    contact_id = whole_number(request.form.get("contact", ""))
    with reading() as session:
        call = call_for(session, current_user.actor.id, call_id)
        known = known_contacts(session, current_user.actor, [contact_id] if contact_id else [])
    ended = Call(reason=reason, contact_id=contact_id if contact_id in known else None, seconds=call.seconds)
    with unit_of_work() as uow:
        end_call(uow, ended)
        qualify_call(uow, call_id)
    told = in_sentence(wording(reason, "call_reason"))
    flash(_("Appel terminé sans demande : %(reason)s.", reason=told), "ok")
    return redirect(_back(request.form.get("next", "")), 303)


def _back(address: str) -> str:
    ours = address.startswith("/console/") and "//" not in address and "\\" not in address
    return address if ours else url_for("intake.new")
