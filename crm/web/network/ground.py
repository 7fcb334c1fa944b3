"""The ground of a commune, from the files that registers publish: its outline, its streets, its addresses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.foundation import Invalid, NotFound, UnitOfWork
from crm.http import gettext as _
from crm.http import needs, ngettext, takes_files, unit_of_work
from crm.network import add_communes
from crm.territory import Loaded, Overlap, load_addresses, load_streets
from crm.web.explaining import commune_names
from crm.web.network.blueprint import bp

_SHOWN = 20
Load = Callable[[UnitOfWork, Path, str], Loaded]
_LOADS: dict[str, Load] = {
    "outline": lambda uow, path, _insee: add_communes(uow, path),
    "streets": lambda uow, path, insee: load_streets(uow, path, insee=insee),
    "addresses": lambda uow, path, _insee: load_addresses(uow, path),
}


@bp.get("/nouvelle")
@needs(Permission.TERRITORY_LOAD)
def new_commune() -> str:
    return render_template("web/network/new_commune.html", wrong={})


@bp.post("/nouvelle")
@needs(Permission.TERRITORY_LOAD)
@takes_files
def add_commune() -> ResponseReturnValue:
    """An outline makes a commune: everything else of it comes after."""
    before = commune_names()
    try:
        loaded = _taken("outline", "")
    except Invalid as refusal:
        return render_template("web/network/new_commune.html", wrong={"file": _why(refusal)}), 422
    flash(_told(loaded), "ok" if loaded.rows else "warn")
    new = [insee for insee in commune_names() if insee not in before]
    if len(new) == 1:
        return redirect(url_for("network.commune", insee=new[0]), 303)
    return redirect(url_for("network.show"), 303)


@bp.get("/<insee>/territoire")
@needs(Permission.TERRITORY_LOAD)
def ground(insee: str) -> str:
    return _page(insee)


@bp.post("/<insee>/territoire")
@needs(Permission.TERRITORY_LOAD)
@takes_files
def load(insee: str) -> ResponseReturnValue:
    part = request.form.get("part", "")
    if part not in ("streets", "addresses"):
        return _page(insee, {"part": _("Choisissez ce que contient le fichier.")}), 422
    try:
        loaded = _taken(part, insee)
    except Invalid as refusal:
        return _page(insee, {"file": _why(refusal)}, part=part), 422
    flash(_told(loaded), "ok" if loaded.rows else "warn")
    if loaded.refused:
        return _page(insee, loaded=loaded, part=part)
    return redirect(url_for("network.commune", insee=insee), 303)


def _taken(part: str, insee: str) -> Loaded:
    """Raises Invalid: no file, or nothing that can be read in it."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid({"file": "required"})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "given"
        given.save(path)
        with unit_of_work() as uow:
            return _LOADS[part](uow, path, insee)


def _why(refusal: Invalid) -> str:
    if refusal.fields.get("file") == "required":
        return _("Choisissez un fichier.")
    overlap = refusal.details.get("overlap")
    if isinstance(overlap, Overlap):
        return _(
            "Les contours de %(name)s et de %(other)s, déjà là, se couvrent à %(percent)s %% : rien n’a été"
            " ajouté. Vérifiez le fichier et le code INSEE ; si c’est celui de %(other)s qui est faux,"
            " chargez-le d’abord corrigé.",
            name=overlap.name,
            other=overlap.other,
            percent=overlap.percent,
        )
    return _("Ce fichier n’a pas la forme attendue : relisez ce qu’il doit contenir.")


def _told(loaded: Loaded) -> str:
    said = ngettext("Une ligne acceptée.", "%(num)d lignes acceptées.", loaded.rows)
    if not loaded.refused:
        return said
    left = ngettext("Une ligne laissée.", "%(num)d lignes laissées.", len(loaded.refused))
    return f"{said} {left}"


def _page(
    insee: str, wrong: dict[str, str] | None = None, *, part: str = "", loaded: Loaded | None = None
) -> str:
    name = commune_names().get(insee)
    if name is None:
        raise NotFound(insee=insee)
    return render_template(
        "web/network/ground.html",
        insee=insee,
        name=name,
        part=part or "addresses",
        refused=loaded.refused[:_SHOWN] if loaded else (),
        more=max(0, len(loaded.refused) - _SHOWN) if loaded else 0,
        wrong=wrong or {},
    )
