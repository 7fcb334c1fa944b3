"""What a usager takes home: number, service, date, and how to follow with or without internet."""

from __future__ import annotations

from flask import Response
from flask_login import current_user

from crm.access import Permission
from crm.cases import CaseSheet, spoken
from crm.channels import ReceiptPaper, receipt_pdf
from crm.http import gettext as _
from crm.http import language, needs, reading, typo, wiring
from crm.http.dates import full_day, moment, promise
from crm.intake import number_of_case
from crm.web.desk.blueprint import bp
from crm.web.explaining import category_label
from crm.web.intake.views import just_made

_LONGEST = 300  # of what the usager said: the rest is on the case


@bp.get("/demandes/<reference:reference>/recepisse.pdf")
@needs(Permission.CASE_VIEW, Permission.CASE_CREATE)
def receipt(reference: str) -> Response:
    """For whoever may open the case, or has just entered it."""
    with reading() as session:
        case = just_made(session, reference)
        number = number_of_case(session, case.id)
    response = Response(receipt_pdf(receipt_of(case, number)), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="recepisse-{reference}.pdf"'
    return response


def receipt_of(case: CaseSheet, number: int | None = None) -> ReceiptPaper:
    centre = wiring().settings.centre
    hours = f"{centre.phone}, {centre.hours}"
    return ReceiptPaper(
        centre=centre.name,
        centre_lines=tuple(line for line in (centre.address, hours, centre.email) if line),
        title=_("Récépissé de votre demande"),
        reference=spoken(case.reference),
        reference_label=_("Votre numéro, à rappeler"),
        facts=tuple((term, _spaced(said)) for term, said in (*_facts(case), *_passage(number)) if said),
        paper_title=_("Suivre sans internet"),
        paper_ways=tuple(map(_spaced, _paper_ways())),
        link_label=_("Suivre en ligne"),
        link=f"{centre.site_url.rstrip('/')}/suivi/{case.public_token}",
        made=_("Remis le %(day)s", day=full_day(wiring().clock.now())),
        language=language(),
    )


def _facts(case: CaseSheet) -> list[tuple[str, str]]:
    unit = wiring().rulebooks.units().get(case.unit_id or 0)
    said = case.object if len(case.object) <= _LONGEST else f"{case.object[:_LONGEST]}…"
    promised = case.announced_due_at
    answer = _("au plus tard le %(day)s", day=promise(promised, case.priority)) if promised else ""
    return [
        (_("Objet"), category_label(case.category_code)),
        (_("Vous avez dit"), said),
        (_("Lieu"), ", ".join(filter(None, (case.place_label, case.place_hint)))),
        (_("Reçue le"), moment(case.received_at)),
        (_("Service"), f"{unit.name}, {unit.organization_name}" if unit else _("un agent le cherche")),
        (_("Réponse"), answer or str(case.routing.get("advice") or "")),
    ]


def _passage(number: int | None) -> list[tuple[str, str]]:
    return [(_("Passage"), _("n° %(number)s", number=number))] if number else []


def _paper_ways() -> list[str]:
    centre = wiring().settings.centre
    desk = current_user.card.organization_name if current_user.actor.places else ""
    where = _("À l’accueil, avec ce papier : %(desk)s.", desk=desk) if desk else ""
    told = {"phone": centre.phone, "hours": centre.hours, "cost": centre.phone_cost}
    sent = {"name": centre.name, "address": centre.address}
    return [
        _("Par téléphone : %(phone)s, %(hours)s (%(cost)s).", **told),
        _("Par courrier : %(name)s, %(address)s. Écrivez votre numéro en haut.", **sent),
        where or _("À l’accueil de votre mairie, avec ce papier."),
    ]


def _spaced(text: str) -> str:
    return typo(text) if language() == "fr" else text
