"""What is known of the sender, and what was not taken of it, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

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


def left_out_words(*told: Iterable[str]) -> tuple[str, ...]:
    """What was not taken, a sentence each; ornaments of signatures are nobody's concern."""
    words = left_out()
    said = (words.get(code, words["file"] if code.startswith("file_") else "") for code in chain(*told))
    return tuple(dict.fromkeys(filter(None, said)))


def left_out() -> Mapping[str, str]:
    """By code; every other one that begins with `file_` is `file`."""
    return {
        "ornament": "",
        "file": _("Une pièce jointe n’est pas reprise : elle reste dans l’original."),
        "file_later": _("Une pièce jointe n’a pas pu être vérifiée : elle reste dans l’original."),
        "too_many_files": _("Plus de vingt pièces jointes : les suivantes restent dans l’original."),
        "too_many_parts": _("Message fait de trop de parties : la suite reste dans l’original."),
        "too_deep": _("Des messages emboîtés trop loin restent dans l’original."),
        "too_many_lines": _("Trop de lignes : seul le début est repris."),
        "too_big": _("Trop lourd : seul l’en-tête est repris."),
        "heavy_page": _("Mise en forme trop lourde : seuls les mots sont repris."),
        "winmail": _("Une pièce jointe d’Outlook (winmail.dat) ne s’ouvre pas ici."),
        "no_reader": _("Cette machine ne lit pas les pages numérisées : lisez-les, recopiez l’essentiel."),
        "no_words_found": _("Aucun mot n’a pu être lu sur ces pages : lisez-les, recopiez l’essentiel."),
    }


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
