"""What is known of who sent it, in plain words."""

from __future__ import annotations

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
