"""« Où en est chaque site »: the centre, each town hall, each unit, and the promises kept there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, render_template, url_for
from flask_login import current_user

from crm.access import Permission, allows
from crm.foundation import PARIS
from crm.http import gettext as _
from crm.http import needs, reading, wiring
from crm.http.dates import day, today
from crm.http.spreadsheets import MIMETYPES, as_csv
from crm.network import Site, sites
from crm.reporting import FEW, BySite, SiteFigures, figures_by_site
from crm.routing import current_table
from crm.web.reporting.blueprint import bp

DAYS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """
    Args:
        href: its joining kit, for whoever keeps it.
        share: of the promises kept, in words.
    """

    site: Site
    figures: SiteFigures
    kind: str
    name: str
    state: tuple[str, str]
    kit: str
    href: str
    last: str
    share: str


@bp.get("/sites")
@needs(Permission.BOARD_VIEW)
def show_sites() -> str:
    rows = _rows()
    groups = [(kind, [row for row in rows if row.kind == kind]) for kind in _kinds().values()]
    return render_template(
        "web/reporting/sites.html", groups=[one for one in groups if one[1]], days=DAYS, few=FEW
    )


@bp.get("/sites.csv")
@needs(Permission.BOARD_VIEW)
def export_sites() -> Response:
    heading = [
        _("Genre"), _("Site"), _("Organisme"), _("Où il en est"), _("Étapes faites"), _("Comptes"),
        _("Venus depuis %(days)s jours", days=DAYS), _("Dernière demande"), _("Promesses"),
        _("Promesses tenues"), _("Part tenue"),
    ]  # fmt: skip
    answer = Response(as_csv([heading, *map(_cells, _rows())]), mimetype=MIMETYPES["csv"])
    answer.headers["Content-Disposition"] = f'attachment; filename="sites-{today().isoformat()}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _cells(row: Row) -> list[str]:
    site, figures = row.site, row.figures
    last = f"{figures.last.astimezone(PARIS):%d/%m/%Y}" if figures.last else ""
    counted = [str(site.agents), str(site.active), last, str(figures.promised), str(figures.kept)]
    return [row.kind, row.name, site.whose, row.state[0], row.kit, *counted, row.share]


def _rows() -> list[Row]:
    now = wiring().clock.now()
    since, categories = now - timedelta(days=DAYS), wiring().rulebooks.categories()[0].categories.values()
    with reading() as session:
        figures = figures_by_site(session, current_user.actor, since, now)
        table = current_table(session, now)
        found = sites(session, current_user.actor, table, categories, now, since)
    keeps, states, kinds = allows(current_user.actor, Permission.STAFF_MANAGE), _states(), _kinds()
    return [_row(site, _of(figures, site), states, kinds, keeps=keeps) for site in found]


def _row(
    site: Site,
    figures: SiteFigures,
    states: Mapping[str, tuple[str, str]],
    kinds: Mapping[str, str],
    *,
    keeps: bool,
) -> Row:
    href = url_for("network.commune", insee=site.insee) if keeps and site.insee else ""
    share = _("trop peu") if figures.share is None else _("%(share)s %%", share=figures.share)
    return Row(
        site=site,
        figures=figures,
        kind=kinds[site.kind],
        name=site.name or wiring().settings.centre.name,
        state=states[site.state],
        kit=f"{site.done} / {site.steps}" if site.steps else "",
        href=href,
        last=day(figures.last) if figures.last else "",
        share=share,
    )


def _of(figures: BySite, site: Site) -> SiteFigures:
    if site.kind == "centre":
        return figures.centre
    found = figures.desks.get(site.insee) if site.kind == "desk" else figures.units.get(site.unit_id or 0)
    return found or SiteFigures()


def _kinds() -> dict[str, str]:
    return {"centre": _("Centre"), "desk": _("Mairies"), "unit": _("Services")}


def _states() -> dict[str, tuple[str, str]]:
    """State → word, tone."""
    return {
        "live": (_("Ouverte"), "ok"),
        "decided": (_("Ouverture décidée"), "info"),
        "preparing": (_("Se prépare"), "plain"),
        "undated": (_("Ouverte sans date"), "warn"),
        "invited": (_("Invité, pas encore venu"), "warn"),
        "empty": (_("Sans compte"), "plain"),
    }
