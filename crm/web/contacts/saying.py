"""The words of identity: needs and what they ask of us, signs that two are one, what follows in a merge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm.contacts import ContactHit, SupportNeeds
from crm.http import gettext as _
from crm.http import wording


@dataclass(frozen=True, slots=True)
class NeedSaid:
    """
    Args:
        script: what the agent does about it, in a line.
    """

    code: str
    label: str
    script: str


def needs_said(needs: SupportNeeds) -> list[NeedSaid]:
    labels, scripts = need_labels(), _scripts()
    said = [NeedSaid(code, labels[code], scripts[code]) for code in needs.codes]
    if needs.language:
        told = _("Interprète : %(language)s", language=needs.language)
        said = [NeedSaid(one.code, told, one.script) if one.code == "interpreter" else one for one in said]
    return said


def need_labels() -> Mapping[str, str]:
    return {
        "prefers_phone": _("Préfère le téléphone"),
        "interpreter": _("A besoin d’un interprète"),
        "reading": _("Lit difficilement"),
        "cannot_travel": _("Ne peut pas se déplacer"),
        "carer": _("Se fait aider d’un proche ou d’un mandataire"),
    }


def _scripts() -> Mapping[str, str]:
    return {
        "prefers_phone": _("Proposez un rappel plutôt qu’un courriel."),
        "interpreter": _("Proposez l’interprète avant de commencer."),
        "reading": _("Relisez à voix haute ; courriers en gros caractères, réponse de vive voix."),
        "cannot_travel": _("Ne l’envoyez pas au guichet : tout peut se faire d’ici."),
        "carer": _("Demandez qui répondra, et notez-le au nom de qui."),
    }


def sign_words() -> Mapping[str, str]:
    """Why two may be one."""
    return {
        "same_name": _("même nom"),
        "near_name": _("nom très proche"),
        "part_name": _("même nom, prénom absent ou abrégé"),
        "first_name": _("même prénom"),
        "unnamed": _("l’une des deux fiches n’a pas de nom"),
        "email_verified": _("même courriel, vérifié"),
        "email": _("même courriel"),
        "phone": _("même téléphone"),
        "phone_verified": _("même téléphone"),
        "postal": _("même adresse"),
    }


def score_words(score: int) -> str:
    if score >= 85:
        return _("très probable")
    return _("probable") if score >= 70 else _("possible")


def shared_said(hit: ContactHit) -> str:
    """Beside a candidate: others are reached there too."""
    return wording(hit.shared, "shared_as") if hit.shared else ""


def failure_words(reason: str) -> str:
    known = {
        "said_by_agent": _("signalé par un agent"),
        "bad_address": _("adresse mal écrite"),
        "smtp_550": _("boîte inconnue ou refusée"),
        "smtp_551": _("boîte inconnue ou refusée"),
        "smtp_553": _("adresse mal écrite"),
        "mailbox_unknown": _("boîte inconnue ou refusée"),
        "no_such_number": _("numéro non attribué"),
    }
    if reason.startswith(("bounce_5.1", "bounce_5.2.1")):  # RFC 3463: no such mailbox, or closed
        return _("boîte inconnue ou refusée")
    return known.get(reason, _("message revenu"))


def relation_words(kind: str, *, is_from: bool) -> str:
    if kind == "works_for":
        return _("Travaille pour") if is_from else _("Emploie")
    return _("Agit au nom de") if is_from else _("Se fait représenter par")


def moved_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """« demandes », 3; what has no name of its own is counted together."""
    labels = {
        "cases.contact_id": _("demandes"),
        "interactions.contact_id": _("échanges et rappels"),
        "contact_links.contact_id": _("moyens de le joindre"),
        "watchers.contact_id": _("demandes suivies"),
        "case_contacts.contact_id": _("demandes faites pour lui ou en son nom"),
        "drafts.contact_id": _("saisies en cours"),
        "inbound.contact_id": _("messages arrivés"),
        "support_needs.contact_id": _("besoins d’accompagnement"),
    }
    told = [(label, counts[name]) for name, label in labels.items() if counts.get(name)]
    rest = sum(many for name, many in counts.items() if name not in labels)
    return [*told, (_("autres éléments"), rest)] if rest else told
