"""From what often comes back outside the frame to the draft of the rule that was wanting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, allows
from crm.cases import OffScript, OffScriptLine
from crm.catalogue import CATEGORY, write_category
from crm.foundation import NotFound
from crm.http import gettext as _
from crm.http import language, needs, reading, unit_of_work, wording
from crm.revisions import history_of
from crm.routing import start_draft, versions
from crm.web.catalogue.frame import read
from crm.web.explaining import category_label, category_labels
from crm.web.together.blueprint import bp
from crm.web.together.months import month_of

_OFTEN = 3  # times in a month
_SHOWN = 5
# A means that no procedure gives has no draft of ours: its rule is a sentence and the page where it stands.
_DRAFTED = frozenset({OffScript.COMPETENCE, OffScript.SCRIPT, OffScript.DELAY})


@dataclass(frozen=True, slots=True)
class Frequent:
    """Steps of one subject and one kind, not yet a rule."""

    what: str
    times: int
    leads_to: str


def frequent(steps: Iterable[OffScriptLine], month: date) -> list[Frequent]:
    """The most frequent first."""
    labels = category_labels()
    counted = Counter((step.kind, step.category_code) for step in steps if not step.rule)
    return [
        Frequent(
            f"{labels(code)} — {wording(kind, 'outside')}", times, page_of(kind, code, month=f"{month:%Y-%m}")
        )
        for (kind, code), times in counted.most_common()
        if times >= _OFTEN and page_of(kind, code)
    ]


def page_of(kind: str, code: str | None, *, month: str | None = None) -> str:
    """Where its draft is begun, and what came of it read; empty when no draft is of that kind."""
    if kind not in _DRAFTED or not code:
        return ""
    return url_for("together.rule_page", kind=kind, code=code, mois=month)


@bp.get("/hors-cadre/regle/<kind>/<code>")
@needs(Permission.CONTENT_VIEW)
def rule_page(kind: str, code: str) -> str:
    """For the reviewer, who may hand its address over, and for the administrator, who writes the rule."""
    _known(kind)
    with reading() as session:
        read(session, "categories", code)
        written = _written(session, kind, code)
    return render_template(
        "web/together/rule.html",
        what=f"{category_label(code)} — {wording(kind, 'outside')}",
        kind=kind,
        code=code,
        month=f"{month_of(request.args.get('mois', '')):%Y-%m}",
        may_write=allows(current_user.actor, Permission.CONTENT_EDIT),
        written=written,
    )


@bp.post("/hors-cadre/regle/<kind>/<code>")
@needs(Permission.CONTENT_EDIT)
def begin_rule(kind: str, code: str) -> ResponseReturnValue:
    """A draft of the decision table, or of the category, with the review in its note."""
    _known(kind)
    month = month_of(request.form.get("mois", ""))
    note = _("Revue hors cadre, %(month)s", month=format_date(month, "MMMM y", locale=language()))
    if kind == OffScript.COMPETENCE:
        with unit_of_work() as uow:
            table_id = start_draft(uow, note=note)
        return redirect(url_for("competence.new_rule", table_id=table_id, sujet=code, raison=note), 303)
    with unit_of_work() as uow:
        one = read(uow.session, "categories", code)
        if one.draft is None:
            write_category(uow, one.content, seen=one.seen, note=note)
    if one.draft is not None:
        flash(_("Un brouillon de cette catégorie était déjà commencé : le voici."), "ok")
    where = "questions" if kind == OffScript.SCRIPT else "category"
    return redirect(url_for(f"catalogue.{where}", code=code), 303)


def _known(kind: str) -> None:
    if kind not in _DRAFTED:
        raise NotFound(kind=kind)


def _written(session: Session, kind: str, code: str) -> list[tuple[datetime, str]]:
    """What was published there, the latest first: when, and why."""
    if kind == OffScript.COMPETENCE:
        tables = versions(session, current_user.actor)
        told = [(card.published_at, card.note) for card in tables if card.published_at is not None]
    else:
        told = [(card.written_at, card.note) for card in history_of(session, CATEGORY, code) if card.number]
    return told[:_SHOWN]
