"""What every page of one version shows: which it is, its tabs, how many of its rules are to be mended."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, allows
from crm.http import gettext as _
from crm.http import wiring
from crm.http.dates import moment
from crm.routing import Trouble, VersionCard, one_version, rules_of, troubles


def framed(session: Session, table_id: int, template: str, here: str, **shown: Any) -> str:
    card = one_version(session, current_user.actor, table_id)
    wrong = shown.pop("wrong_rules", None)
    if wrong is None:
        wrong = wrong_rules(session, card)
    may_edit = allows(current_user.actor, Permission.ROUTING_EDIT)
    return render_template(
        f"web/competence/{template}.html",
        card=card,
        title=title_of(card),
        told_in_force=told_in_force(card),
        tabs=_tabs(card, here, wrong),
        wrong_rules=wrong,
        may_edit=may_edit and card.is_draft,
        may_simulate=may_edit,
        may_withdraw=may_edit and card.is_to_come(wiring().clock.now()),
        may_start=may_edit and not card.is_draft,
        **shown,
    )


def title_of(card: VersionCard) -> str:
    if card.is_draft:
        number = card.based_on
        return _("Brouillon fait de la version %(number)s", number=number) if number else _("Brouillon")
    return _("Version %(number)s", number=card.version)


def told_in_force(card: VersionCard) -> str:
    if card.effective_at is None:
        return _("Rien n’est en vigueur tant que ce brouillon n’est pas publié.")
    if card.is_to_come(wiring().clock.now()):
        return _("Prendra effet %(moment)s.", moment=moment(card.effective_at))
    return _("En vigueur depuis le %(moment)s.", moment=moment(card.effective_at))


def wrong_rules(session: Session, card: VersionCard) -> list[Trouble]:
    return troubles(rules_of(session, card.id), wiring().rulebooks.units())


def _tabs(card: VersionCard, here: str, wrong: list[Trouble]) -> list[dict[str, Any]]:
    listed = [
        ("table", _("Règles"), card.rule_count),
        ("changes", _("Ce qui change"), None),
        ("mend", _("À corriger"), len(wrong)),
        ("simulations", _("Simuler"), None),
        ("history", _("Historique"), None),
    ]
    if card.is_draft and allows(current_user.actor, Permission.ROUTING_EDIT):
        listed.append(("publication", _("Publier"), None))
    return [
        {
            "label": label,
            "href": url_for(f"competence.{name}", table_id=card.id),
            "count": count,
            "here": name == here,
        }
        for name, label, count in listed
    ]
