"""What may be done from a case besides its lifecycle: one list, for buttons and palette (Ctrl+K)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_login import current_user

from crm.access import Permission, allows
from crm.cases import ENDED, CaseSheet, is_watched, one_case
from crm.http import gettext as _
from crm.http import needs, reading
from crm.web.together.blueprint import bp


@dataclass(frozen=True, slots=True)
class Move:
    """`posts`: done at once by a button; else a page opens."""

    label: str
    href: str
    posts: bool = False


@bp.get("/demandes/<reference:reference>/gestes")
@needs(Permission.CASE_VIEW)
def moves(reference: str) -> str:
    """The list once more, asked for by the page itself: whether the agent follows takes a look."""
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        watched = is_watched(session, case.id, current_user.actor.id)
    return render_template(
        "web/together/_moves.html", case=case, moves=moves_of(case, watched=watched), looked=True
    )


def moves_of(case: CaseSheet, *, watched: bool = False) -> list[Move]:
    """In the order of their use. No statement: what is here rides on the case that was read."""
    is_open = case.state not in ENDED
    who_reads = _("Restreindre l’accès") if case.readers is None else _("Changer qui la lit")
    offered: tuple[tuple[Permission, str, dict[str, Any], str, bool], ...] = (
        (Permission.APPOINTMENT_BOOK, "appointments.choose", {}, _("Proposer un rendez-vous"), is_open),
        (Permission.CASE_TALK, "appointments.call_back", {}, _("Promettre un rappel"), is_open),
        (Permission.GUEST_ASK, "guests.ask", {"slug": "avis"}, _("Demander un avis"), is_open),
        (Permission.CASE_NOTE, "together.step_out_form", {}, _("Sortir du cadre"), True),
        (Permission.CASE_RESTRICT, "together.readers", {}, who_reads, True),
    )
    found = [
        Move(label, url_for(endpoint, reference=case.reference, **more))
        for right, endpoint, more, label, is_time in offered
        if is_time and allows(current_user.actor, right, case)
    ]
    return [*found, _watching(case, watched=watched)]


def _watching(case: CaseSheet, *, watched: bool) -> Move:
    if watched:
        return Move(
            _("Ne plus suivre cette demande"), url_for("together.unwatch", reference=case.reference), True
        )
    return Move(_("Suivre cette demande"), url_for("together.watch", reference=case.reference), True)
