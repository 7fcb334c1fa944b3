"""Codes of people and places in words, and the history of a sheet: who changed what, when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import reason, wording
from crm.http.dates import full_day, moment
from crm.staff import agent_names, role_notes
from crm.trail import TrailEntry, sentence, timeline, who
from crm.web.explaining import commune_names, unit_name

# What machines do at each visit says nothing of how an account is kept.
_DAILY = frozenset({"agent.logged_in", "agent.logged_out", "agent.preferences_changed", "agent.vouched_for"})


def kind_words() -> dict[str, str]:
    return {
        "metropole": _("Métropole"),
        "commune": _("Commune"),
        "contractor": _("Prestataire"),
        "concession": _("Délégataire"),
        "state": _("État"),
        "landlord": _("Bailleur"),
        "other": _("Autre"),
    }


def operation_words() -> dict[str, str]:
    return {
        "in_house": _("En régie : nos propres agents"),
        "contractor": _("Prestataire : un marché"),
        "concession": _("Délégataire : un contrat de concession"),
        "external": _("Organisme extérieur"),
    }


def column_words() -> dict[str, str]:
    return {
        "kind": _("nature"),
        "name": _("nom"),
        "insee": _("commune"),
        "siret": _("numéro SIRET"),
        "address": _("adresse"),
        "phone": _("téléphone"),
        "email": _("adresse électronique"),
        "opening_hours": _("horaires"),
        "weekly_minutes": _("heures de travail par semaine"),
        "usual_minutes": _("durée habituelle d’une intervention"),
        "operation": _("façon de travailler"),
        "organization_id": _("organisme"),
        "organization_code": _("organisme"),
        "unit_id": _("service"),
        "unit_code": _("service"),
        "first_name": _("prénom"),
        "last_name": _("nom"),
        "title": _("fonction"),
    }


def step_words() -> dict[str, str]:
    """The steps of a commune on its way in."""
    return {
        "ground": _("Territoire : voies et adresses chargées"),
        "organization": _("La commune parmi les organismes"),
        "desk": _("L’accueil de la mairie, qu’on peut joindre"),
        "invited": _("Agents d’accueil invités"),
        "logged_in": _("Agents venus au moins une fois"),
        "rules": _("Un service compétent pour chaque demande"),
        "templates": _("Modèles de réponse relus"),
        "closures": _("Fermetures locales vérifiées"),
        "training": _("Agents formés"),
        "trial": _("Une demande d’essai enregistrée au guichet"),
        "go_live": _("Ouverture décidée"),
    }


def state_words() -> dict[str, tuple[str, str]]:
    """State of an account → word, tone."""
    return {
        "active": (_("En service"), "ok"),
        "invited": (_("Invité, pas encore venu"), "info"),
        "expired": (_("Jamais venu, sans lien ouvert"), "warn"),
        "locked": (_("Bloqué après trop d’essais"), "danger"),
        "disabled": (_("Désactivé"), "plain"),
    }


def role_words(role: str, unit_id: object = None, insee: object = None) -> str:
    """« Guichet de mairie, Rivebois »: a role and where it holds."""
    where = unit_name(int(str(unit_id))) if unit_id else commune_names().get(str(insee), "") if insee else ""
    said = wording(role, "role")
    return f"{said}, {where}" if where else said


def history(
    session: Session, kind: str, subject_id: int, *, own_name: str = "", why: Mapping[int, str] | None = None
) -> list[dict[str, Any]]:
    """What happened to a sheet, the latest first.

    Args:
        own_name: of the agent whose sheet it is: what they did without being logged in is theirs.
        why: id of a fact → the words of its motive, where they are kept with the account.
    """
    facts = timeline(session, kind, subject_id, without=_DAILY)[::-1]
    names = agent_names(session, {fact.actor_id for fact in facts if fact.actor_id})
    known = {("agent", id_): name for id_, name in names.items()}
    notes = role_notes(session, {note for fact in facts if (note := fact.data.get("note_id"))})
    return [
        {
            "when": moment(fact.at),
            "iso": fact.at.isoformat(),
            "text": sentence(fact, _say, _),
            "body": notes.get(fact.data.get("note_id", 0), "") or (why or {}).get(fact.id, ""),
            "who": own_name if own_name and fact.actor_kind == "resident" else who(fact, known, _),
        }
        for fact in facts
    ]


def _say(fact: TrailEntry, hole: str, value: object) -> str:
    if hole == "role":
        return role_words(str(value), fact.data.get("unit_id"), fact.data.get("insee"))
    if hole == "roles":
        return ", ".join(wording(role, "role") for role in str(value).split(",") if role) or _("aucun")
    if hole == "what":
        words = column_words()
        return ", ".join(words.get(name, name) for name in str(value).split(","))
    if hole == "unit":
        return unit_name(int(str(value)))
    if hole == "step":
        return step_words().get(str(value), str(value))
    if hole == "live_on":
        return full_day(_date(str(value))) if value else _("décision annulée")
    return str(value)


def _date(iso: str) -> date:
    return date.fromisoformat(iso)


def typed(*names: str) -> dict[str, str]:
    """What stands in the form, by name."""
    return {name: request.form.get(name, "") for name in names}


def wrong_words(refusal: Invalid, also: Mapping[str, str] | None = None) -> dict[str, str]:
    """Field → what is wrong with it, in words.

    Args:
        also: field → its name in this form, where the action calls it otherwise.
    """
    names = also or {}
    return {names.get(name, name): _reason(code) for name, code in refusal.fields.items()}


def _reason(code: str) -> str:
    own = {
        "taken": _("Un autre compte a déjà cette adresse."),
        "malformed": _("Vérifiez l’adresse : elle s’écrit comme nom@exemple.fr."),
        "unit_required": _("Ce rôle vaut dans un service : choisissez lequel."),
        "commune_required": _("Ce rôle vaut au guichet d’une commune : choisissez laquelle."),
    }
    return own.get(code) or reason(code)
