"""A list as a file: all its lines, sent as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from flask import Response, abort, request, stream_with_context
from flask_login import current_user

from crm.access import Permission
from crm.cases import VIEWS, ExportedLine, export_list, exported_lines
from crm.contacts import ContactCard
from crm.foundation import PARIS
from crm.http import gettext as _
from crm.http import needs, unit_of_work, wiring, wording
from crm.http.spreadsheets import MIMETYPES, as_csv, as_xlsx
from crm.web.explaining import category_labels, commune_names, domain_label
from crm.web.frame import view_label
from crm.web.queues.blueprint import bp
from crm.web.queues.filters import Asked, asked_of

_MOST_PICKED = 500


@bp.get("/<view>/export.<any(csv, xlsx):form>")
@needs(Permission.CASE_VIEW)
def export(view: str, form: str) -> Response:
    """With the filters of the list, and what the agent may know: masked where the case's page masks."""
    if view not in VIEWS:
        abort(404)
    asked = asked_of(view, request.args)
    picked = tuple(request.args.getlist("case")[:_MOST_PICKED])
    asked = replace(asked, filters=replace(asked.filters, references=picked))
    with unit_of_work() as uow:
        export_list(uow, view, form, asked.filters)
    rows = _rows(asked)
    content = as_csv(rows) if form == "csv" else as_xlsx(rows, view_label(view))
    day = wiring().clock.now().astimezone(PARIS).date().isoformat()
    answer = Response(stream_with_context(content), mimetype=MIMETYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="demandes-{view}-{day}.{form}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _rows(asked: Asked) -> Iterator[list[str]]:
    """The heading, then the lines, read from a session of their own while the answer leaves."""
    yield _heading()
    written = _writer()
    with wiring().sessions() as session:
        lines = exported_lines(session, current_user.actor, asked.view, asked.filters, wiring().clock.now())
        for line, card in lines:
            yield written(line, card)


def _heading() -> list[str]:
    return [
        _("Référence"), _("État"), _("Priorité"), _("Domaine"), _("Catégorie"), _("Objet"), _("Lieu"),
        _("Précision du lieu"), _("Commune"), _("Secteur"), _("Service"), _("Canal"),
        _("Reçue (ISO)"), _("Reçue"), _("Échéance (ISO)"), _("Échéance"), _("Intervention prévue"),
        _("Close (ISO)"), _("Close"), _("Suite donnée"), _("Usager"), _("Téléphone"), _("Courriel"),
        _("Contacts"), _("Incident"),
    ]  # fmt: skip


def _writer() -> Callable[[ExportedLine, ContactCard | None], list[str]]:
    category, communes, units = category_labels(), commune_names(), wiring().rulebooks.units()

    def written(line: ExportedLine, card: ContactCard | None) -> list[str]:
        unit = units.get(line.unit_id or 0)
        return [
            line.reference,
            wording(line.state),
            str(line.priority),
            domain_label(line.category_code) if line.category_code else "",
            category(line.category_code),
            line.object,
            line.place_label,
            line.place_hint,
            communes.get(line.insee or "", ""),
            line.sector_code or "",
            unit.name if unit else "",
            wording(line.channel, "channel"),
            *_moment(line.received_at),
            *_moment(line.due_at),
            line.planned_on.isoformat() if line.planned_on else "",
            *_moment(line.closed_at),
            wording(line.outcome, "outcome") if line.outcome else "",
            *_who(card),
            str(line.contacts),
            _("oui") if line.had_incident else "",
        ]

    return written


def _moment(at: datetime | None) -> tuple[str, str]:
    """For machines, then for people: `2026-09-15T10:00+02:00`, `15/09/2026 10:00`."""
    if at is None:
        return "", ""
    local = at.astimezone(PARIS)
    return local.isoformat(timespec="minutes"), f"{local:%d/%m/%Y %H:%M}"


def _who(card: ContactCard | None) -> tuple[str, str, str]:
    if card is None:
        return "", "", ""
    phone, email = card.first("phone"), card.first("email")
    return card.display_name, phone.display if phone else "", email.display if email else ""
