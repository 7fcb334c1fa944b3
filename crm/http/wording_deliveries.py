"""How far a message got, and why it did not: codes of servers and providers in the words of an agent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from crm.http.dates import moment
from crm.http.language import gettext as _
from crm.interactions import STATES

_CODE = re.compile(r"(smtp|http|sender|bounce)_(\d)\.?(\d?)\.?(\d*)")


class Sending(Protocol):
    """What is known of a message on its way."""

    @property
    def state(self) -> str: ...
    @property
    def state_at(self) -> datetime: ...
    @property
    def delivered_at(self) -> datetime | None: ...
    @property
    def last_error(self) -> str | None: ...


def sending_words(message: Sending) -> str:
    """« envoyé le 21 novembre, 12 h 20, remis le 21 novembre, 12 h 21 » · « refusé : numéro non attribué »"""
    said = _(STATES[message.state]) % {"date": moment(message.state_at)}
    if message.state == "sent" and message.delivered_at is not None:
        return f"{said}, {delivered_words(message)}"
    if message.state in {"failed", "refused", "cancelled"} and message.last_error:
        return _("%(state)s : %(why)s", state=said, why=why_not_sent(message.last_error))
    return said


def delivered_words(message: Sending) -> str:
    """« remis le 21 novembre, 12 h 21 », as the provider told it; empty when it told nothing."""
    return _("remis le %(date)s", date=moment(message.delivered_at)) if message.delivered_at else ""


def why_not_sent(code: str) -> str:
    """In a few words, without a capital; a provider's own code that nobody knows is given as it is."""
    named = code.lower().replace("-", "_")
    if words := _words().get(named):
        return words
    if found := _CODE.match(named):
        return _of_server(found[1], found[2] + found[3], found[2] + found[3] + found[4])
    if named.endswith(("timeout", "timeouterror")):
        return _("pas de réponse à temps")
    if re.search(r"connect|socket|oserror|gaierror|ssl", named):
        return _("le serveur ne répond pas")
    if named.endswith("error"):
        return _("erreur de notre programme")
    return _("autre motif du fournisseur (%(code)s)", code=code)


def _of_server(server: str, family: str, whole: str) -> str:
    """SMTP answers (RFC 5321), what bounces tell (RFC 3463), HTTP answers of a gateway."""
    if server == "sender":
        return _("notre adresse d’expédition est refusée : réglage à revoir")
    if server == "http":
        return _of_gateway(whole)
    if server == "bounce":
        return _of_bounce(family)
    known = {
        "452": _("boîte pleine"),
        "552": _("boîte pleine ou message trop lourd"),
        "550": _("boîte inconnue ou refusée"),
        "551": _("boîte inconnue ou refusée"),
        "553": _("adresse mal écrite"),
        "554": _("refusé par le serveur du destinataire"),
    }
    later = _("le serveur du destinataire demande d’attendre")
    return known.get(whole, later if whole.startswith("4") else _("refusé par le serveur du destinataire"))


def _of_gateway(status: str) -> str:
    if status in {"401", "403"}:
        return _("clé refusée par le fournisseur : réglage à revoir")
    if status in {"408", "425", "429"}:
        return _("le fournisseur demande d’attendre")
    return _("le fournisseur est en panne") if status.startswith("5") else _("refusé par le fournisseur")


def _of_bounce(family: str) -> str:
    words = {
        "51": _("boîte inconnue ou refusée"),
        "52": _("boîte fermée ou pleine"),
        "42": _("boîte pleine"),
        "57": _("refusé par le règlement du serveur du destinataire"),
    }
    return words.get(family, _("message revenu"))


def _words() -> Mapping[str, str]:
    unknown, away = _("numéro non attribué"), _("téléphone éteint ou hors réseau")
    barred, silent = _("bloqué par l’opérateur"), _("le serveur ne répond pas")
    refuses = _("ce numéro ne veut plus de SMS")
    return {
        "sms_refused": refuses,
        **dict.fromkeys(("stop", "stopped", "opted_out", "opt_out", "optout", "unsubscribed"), refuses),
        **dict.fromkeys(("no_such_number", "unknown", "unknown_subscriber", "invalid_number"), unknown),
        **dict.fromkeys(("absent", "absent_subscriber", "unreachable", "expired"), away),
        **dict.fromkeys(("barred", "blocked", "blacklisted", "rejected"), barred),
        **dict.fromkeys(("unavailable", "no_answer", "disconnected"), silent),
        "landline": _("ligne fixe : pas de SMS possible"),
        "memory_full": _("mémoire du téléphone pleine"),
        "undelivered": _("non remis, sans autre précision"),
        "bad_address": _("adresse mal écrite"),
        "mailbox_unknown": _("boîte inconnue ou refusée"),
        "bounce": _("message revenu"),
        "refused": _("refusé par le destinataire"),
        "unwanted": _("l’usager ne veut pas de ces messages"),
        "too_many_automatic": _("trop de messages automatiques à cette adresse"),
        "channel_closed": _("ce canal n’est pas réglé"),
        "taken_back": _("repris par son auteur"),
        "provider": _("le fournisseur est en panne"),
        "name_unknown": _("le nom du serveur est inconnu"),
        "private_address": _("adresse intérieure, jamais appelée"),
        "subscription_stopped": _("abonnement arrêté"),
        "too_heavy": _("réponse trop longue"),
    }


def reach_words() -> dict[str, dict[str, str]]:
    """Where somebody wrote on a network, and how a way to reach them was verified."""
    return {
        "network_type": {
            "mention": _("Mention publique"),
            "private": _("Message privé"),
        },
        "verified_how": {
            "link": _("lien suivi"),
            "reply": _("a répondu de là"),
            "identity": _("fournisseur d’identité"),
            "paper": _("pièce ou courrier vu"),
            "call_back": _("rappelé à ce numéro"),
        },
    }
