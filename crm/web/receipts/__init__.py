"""Receipts the law asks for: those at risk, those late and why, what silence will decide; the copies kept."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, allows, require
from crm.cases import one_case
from crm.foundation import PARIS, Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, wiring
from crm.notifications import (
    ClockLine,
    ReceiptLine,
    clocks_of_case,
    decided_by_silence,
    fingerprint,
    receipt_breaches,
    receipts_at_risk,
    receipts_of_case,
    waive_receipts,
)
from crm.web.explaining import category_labels, unit_name

bp = Blueprint("receipts", __name__, url_prefix="/console")
_MOST_SILENT = 200


@bp.get("/accuses")
@needs(Permission.RECEIPT_WATCH)
def show() -> str:
    actor, now = current_user.actor, wiring().clock.now()
    today = now.astimezone(PARIS).date()
    catalogue, _index = wiring().rulebooks.categories()
    with reading() as session:
        risks, breaches = receipts_at_risk(session, actor, now), receipt_breaches(session, actor, now)
        silent = decided_by_silence(session, actor, catalogue.categories.values(), now)
    return render_template(
        "web/receipts/show.html",
        risks=risks,
        breaches=breaches,
        silent=sorted(silent, key=lambda line: line.decides_on < today),  # what can still be answered first
        most=_MOST_SILENT,
        today=today,
        by_reason=_by_reason([*risks, *breaches]),
        why=reason_in_words,
        nature=nature_in_words,
        label=category_labels(),
        unit=unit_name,
    )


def _by_reason(lines: list[ReceiptLine]) -> list[tuple[str, int]]:
    """One cause often holds them all: a server that is down, a service without telephone."""
    counted = Counter(reason_in_words(line.reason) for line in lines)
    return counted.most_common()


@bp.get("/demandes/<reference:reference>/accuses")
@needs(Permission.CONTACT_VIEW)
def of_case(reference: str) -> str:
    return _of_case(reference)


@bp.post("/demandes/<reference:reference>/accuses/non-dus")
@needs(Permission.RECEIPT_WAIVE)
def waive(reference: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            waive_receipts(uow, reference, request.form.get("motive", ""))
    except Invalid as refusal:
        wrong = reasons(refusal)
        return _of_case(reference, wrong=wrong), 422
    flash(_("Aucun accusé ne sera envoyé pour cette demande. Le motif est noté."), "ok")
    return redirect(url_for("receipts.of_case", reference=reference), 303)


def _of_case(reference: str, wrong: dict[str, str] | None = None) -> str:
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        require(current_user.actor, Permission.CONTACT_VIEW, case)  # a copy says where it went
        clocks, kept = clocks_of_case(session, case.id), receipts_of_case(session, case.id)
    known: dict[str, Any] = {
        "case": case,
        "clocks": clocks,
        "kept": [(one, one.sha256 == fingerprint(one.subject, one.body)) for one in kept],
        "wrong": wrong or {},
        "why": reason_in_words,
        "nature": nature_in_words,
        "mention": mention_in_words,
        "may_waive": allows(current_user.actor, Permission.RECEIPT_WAIVE) and any(map(_runs, clocks)),
    }
    return render_template("web/receipts/case.html", **known)


def _runs(clock: ClockLine) -> bool:
    return clock.met_at is None and not clock.waived


def nature_in_words(nature: str) -> str:
    return {"registration": _("Accusé d’enregistrement"), "acknowledgement": _("Accusé de réception")}[nature]


def mention_in_words(code: str) -> str:
    words = {
        "received_date": _("la date de réception"),
        "unit": _("le service chargé du dossier"),
        "unit_phone": _("le téléphone du service"),
        "unit_address": _("l’adresse ou le courriel du service"),
        "implicit_decision_date": _("la date du refus par silence"),
        "implicit_acceptance_date": _("la date de l’accord par silence"),
        "appeal": _("les voies et délais de recours"),
        "attestation": _("le droit à une attestation"),
    }
    return words.get(code, code)


def reason_in_words(code: str) -> str:
    """Why a receipt has not left, or left late: what somebody can do something about."""
    if code.startswith("lacks_"):
        return _("Il manque une mention : %(mention)s.", mention=mention_in_words(code[6:]))
    words = {
        "no_unit": _("Aucun service n’est encore désigné : la demande est à qualifier."),
        "untold": _("L’usager serait en danger : rien ne lui part. Voyez avec lui comment le lui remettre."),
        "no_way": _("Aucune adresse où écrire à l’usager."),
        "no_template": _("Aucun modèle d’accusé n’est chargé."),
        "held_back": _("Trop d’accusés sont partis le même jour à cette adresse."),
        "queued": _("En attente d’envoi : le serveur ne l’a pas encore pris."),
        "failed": _("Le serveur d’envoi ne répond pas : nouvel essai en cours."),
        "refused": _("L’adresse a été refusée : écrivez autrement à l’usager."),
        "to_print": _("À imprimer, avec les courriers."),
        "cancelled": _("L’envoi a été annulé."),
        "left_late": _("Parti après la date."),
        "entered_late": _("La demande a été enregistrée après la date."),
    }
    return words.get(code, _("Pas encore préparé."))
