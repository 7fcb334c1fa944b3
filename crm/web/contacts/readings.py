"""Why a sheet outside one's perimeter is opened, and who opened which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from crm import contacts
from crm.access import Permission
from crm.cases import open_outside
from crm.contacts import ReadingLine
from crm.foundation import Invalid
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, whole_number, wording
from crm.staff import agent_names
from crm.web.contacts.blueprint import bp

_ON_PAGE = 50


@dataclass(frozen=True, slots=True)
class ReadingSaid:
    """A line of the log in words."""

    line: ReadingLine
    who: str
    whose: str


def ask_motive(contact_id: int, refusal: Invalid | None = None) -> ResponseReturnValue:
    """Nothing of the usager is told before: numbers in addresses can be counted through."""
    page = render_template(
        "web/contacts/motive.html",
        contact_id=contact_id,
        motives=[
            {"value": code, "label": wording(code, "reading_motive")} for code in contacts.READING_MOTIVES
        ],
        minutes=contacts.OPEN_MINUTES,
        wrong=reasons(refusal) if refusal else {},
        typed=request.form,
    )
    return page, 422 if refusal else 200


@bp.post("/<int:contact_id>/motif")
@needs(Permission.CONTACT_VIEW)
def say_motive(contact_id: int) -> ResponseReturnValue:
    form = request.form
    try:
        with unit_of_work() as uow:
            open_outside(uow, contact_id, form.get("motive", ""), form.get("words", ""))
    except Invalid as refusal:
        return ask_motive(contact_id, refusal)
    return redirect(url_for("finding.person", contact_id=contact_id), 303)


@bp.get("/<int:contact_id>/consultations")
@needs(Permission.READING_VIEW)
def who_read(contact_id: int) -> ResponseReturnValue:
    with reading() as session:
        card = contacts.contact_card(session, contact_id)
        found = contacts.readings(session, contact_id=card.id, before_id=_before(), limit=_ON_PAGE + 1)
        lines = _said(session, found)
    return _page(lines, card=card, title=_("Qui a consulté cette fiche ?"))


@bp.get("/consultations")
@needs(Permission.READING_VIEW)
def read_by() -> ResponseReturnValue:
    """What one agent opened; of everybody, only what was outside their perimeter."""
    agent_id = whole_number(request.args.get("agent"))
    with reading() as session:
        found = contacts.readings(session, agent_id=agent_id, before_id=_before(), limit=_ON_PAGE + 1)
        name = agent_names(session, {agent_id}).get(agent_id, "") if agent_id else ""
        lines = _said(session, found)
    title = _("Fiches ouvertes par %(name)s", name=name) if name else _("Fiches ouvertes hors périmètre")
    return _page(lines, card=None, title=title, agent_id=agent_id if name else None)


def _before() -> int | None:
    return whole_number(request.args.get("avant"))


def _said(session: Session, found: list[ReadingLine]) -> list[ReadingSaid]:
    """Two statements for the names, whatever the lines."""
    agents = {line.actor_id for line in found if line.actor_kind == "agent"}
    names = agent_names(session, agents) if agents else {}
    whose = contacts.contact_names(session, [line.contact_id for line in found]) if found else {}
    return [
        ReadingSaid(
            line,
            names.get(line.actor_id, "") if line.actor_kind == "agent" else _("Un programme partenaire"),
            whose.get(line.contact_id, ""),
        )
        for line in found
    ]


def _page(lines: list[ReadingSaid], *, agent_id: int | None = None, **more: Any) -> str:
    shown = lines[:_ON_PAGE]
    after = shown[-1].line.id if len(lines) > _ON_PAGE else None
    next_href = ""
    if after is not None:
        next_href = url_for(request.endpoint or "", **(request.view_args or {}), agent=agent_id, avant=after)
    return render_template(
        "web/contacts/readings.html", lines=shown, next_href=next_href, agent_id=agent_id, **more
    )
