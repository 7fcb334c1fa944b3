"""An answer that needs no demand: what to do instead is said at once; one may report all the same."""

from __future__ import annotations

from flask import render_template

from crm.catalogue import Catalogue, stops_met
from crm.http import typo
from crm.portal.report.checks import category_of, own_answers
from crm.portal.report.draft import Draft
from crm.portal.words import english


def said_instead(draft: Draft, catalogue: Catalogue) -> list[str]:
    """What the answers call for, in the reader's language."""
    category = category_of(draft, catalogue)
    stops = stops_met(category, own_answers(category, draft.answers)) if category else []
    return [stop.say_en if english() else typo(stop.say) for stop in stops]


def stop_page(draft: Draft, advice: list[str]) -> str:
    return render_template(
        "portal/report/stop.html",
        here="report",
        advice=advice,
        step="where",
        carried=draft.texts(),
        draft=draft,
    )
