"""The commune's demands on paper, for the mayor: what, where, how far. Nothing of whoever asked."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO

from flask import Response, render_template, request, url_for
from flask_login import current_user

from crm.access import Permission
from crm.cases import GROUPS, LONGEST_LIST, CommuneLine, commune_demands
from crm.foundation import PARIS
from crm.http import gettext as _
from crm.http import needs, reading, wiring, wording
from crm.http.dates import full_day
from crm.web.desk.blueprint import bp
from crm.web.explaining import category_labels, commune_names, unit_name

_MONTH = timedelta(days=30)
_LONGEST = timedelta(days=731)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as far as it may be."""

    insee: str
    since: date
    until: date
    group: str
    communes: list[tuple[str, str]]


@bp.get("/liste-maire")
@needs(Permission.CASE_VIEW)
def mayor_list() -> str:
    asked = _asked()
    lines = _lines(asked)
    labels = category_labels()
    return render_template(
        "web/desk/mayor.html",
        asked=asked,
        commune=dict(asked.communes).get(asked.insee, ""),
        groups=[(group, word) for group, word in _groups().items()],
        lines=lines,
        label=labels,
        unit=unit_name,
        is_cut=len(lines) == LONGEST_LIST,
        csv_href=url_for(
            "desk.mayor_csv", commune=asked.insee, du=asked.since, au=asked.until, etat=asked.group
        ),
        printed=full_day(wiring().clock.now()),
    )


@bp.get("/liste-maire.csv")
@needs(Permission.CASE_VIEW)
def mayor_csv() -> Response:
    asked, labels, written = _asked(), category_labels(), StringIO()
    sheet = csv.writer(written, delimiter=";")
    sheet.writerow([_("Référence"), _("Catégorie"), _("Lieu"), _("Reçue le"), _("État"), _("Échéance"),
                    _("Prévue le"), _("Terminée le"), _("Issue"), _("Service")])  # fmt: skip
    sheet.writerows(_cells(line, labels(line.category_code)) for line in _lines(asked))
    response = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="demandes-{asked.insee}.csv"'
    return response


def _cells(line: CommuneLine, label: str) -> list[str]:
    cells = [
        line.reference, label, line.place_label, _figures(line.received_at), wording(line.state),
        _figures(line.due_at), _figures(line.planned_on), _figures(line.closed_at),
        wording(line.outcome, "outcome") if line.outcome else "", unit_name(line.unit_id),
    ]  # fmt: skip
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]


def _figures(moment: date | None) -> str:
    if moment is None:
        return ""
    day = moment.astimezone(PARIS) if isinstance(moment, datetime) else moment
    return f"{day:%d/%m/%Y}"


def _lines(asked: Asked) -> list[CommuneLine]:
    start = datetime.combine(asked.since, time(), tzinfo=PARIS)
    end = datetime.combine(asked.until + timedelta(days=1), time(), tzinfo=PARIS)
    with reading() as session:
        return commune_demands(
            session,
            current_user.actor,
            asked.insee,
            since=start,
            until=end,
            group=asked.group,
            now=wiring().clock.now(),
        )


def _asked() -> Asked:
    """A desk chooses among its communes; the centre among all. What the address says wrong is put right."""
    names = commune_names()
    own = sorted(current_user.actor.places & names.keys())
    communes = [(insee, names[insee]) for insee in own or sorted(names, key=lambda code: names[code])]
    wanted = request.args.get("commune", "")
    today = wiring().clock.now().astimezone(PARIS).date()
    until = _day(request.args.get("au")) or today
    since = _day(request.args.get("du")) or until - _MONTH
    since, until = min(since, until), max(since, until)
    group = request.args.get("etat", "")
    return Asked(
        insee=wanted if wanted in dict(communes) else communes[0][0] if communes else "",
        since=max(since, until - _LONGEST),
        until=until,
        group=group if group in GROUPS else "toutes",
        communes=communes,
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _groups() -> dict[str, str]:
    return {
        "toutes": _("Toutes"),
        "ouvertes": _("Ouvertes"),
        "en-retard": _("En retard"),
        "planifiees": _("Planifiées"),
        "terminees": _("Terminées"),
    }
