"""What is known of who sent it, in plain words."""

from __future__ import annotations

from flask_babel import format_decimal

from crm.http import gettext as _
from crm.inbox import ArrivalSheet

_METHODS = ("spf", "dkim", "dmarc")
_FAILED = frozenset({"fail", "softfail", "permerror"})


def trust_of(sheet: ArrivalSheet) -> tuple[str, str, str]:
    """(tone, words, detail) of the results of authentication; nothing for an SMS or a letter."""
    told = sheet.details.get("trust") or {}
    results = {method: str(told.get(method, "")).lower() for method in _METHODS}
    if sheet.channel != "email":
        return "", "", ""
    detail = ", ".join(f"{method.upper()} : {_result(found)}" for method, found in results.items())
    if results["dmarc"] in _FAILED or (results["spf"] in _FAILED and results["dkim"] in _FAILED):
        return "danger", _("Expéditeur non authentifié : l’adresse a pu être imitée"), detail
    if results["dmarc"] == "pass" or (results["spf"] == "pass" and results["dkim"] == "pass"):
        return "ok", _("Expéditeur authentifié"), detail
    return "plain", _("Authenticité de l’expéditeur non vérifiée"), detail


def weight(size: int) -> str:
    """« 778 octets », « 2 Ko », « 3,4 Mo »"""
    if size < 1000:
        return _("%(n)s octets", n=size)
    if size < 1_000_000:
        return _("%(n)s Ko", n=round(size / 1000))
    return _("%(n)s Mo", n=format_decimal(round(size / 1_000_000, 1)))


def _result(found: str) -> str:
    words = {
        "pass": _("réussi"),
        "fail": _("échoué"),
        "softfail": _("échoué"),
        "permerror": _("mal réglé chez l’expéditeur"),
        "neutral": _("sans avis"),
        "temperror": _("non vérifié"),
    }
    return words.get(found, _("absent"))
