"""The home page and what the law asks a public site to say."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from crm.http import public

bp = Blueprint("public", __name__)
_ROBOTS = "User-agent: *\nDisallow: /suivi\nDisallow: /signaler/\nDisallow: /console\nDisallow: /login\n"


@bp.get("/")
@public
def home() -> str:
    return render_template("portal/pages/home.html")


@bp.get("/nous-joindre")
@public
def contact() -> str:
    return render_template("portal/pages/contact.html", here="contact")


@bp.get("/accessibilite")
@public
def accessibility() -> str:
    return render_template("portal/pages/accessibility.html")


@bp.get("/donnees-personnelles")
@public
def personal_data() -> str:
    return render_template("portal/pages/personal_data.html")


@bp.get("/mentions-legales")
@public
def legal() -> str:
    return render_template("portal/pages/legal.html")


@bp.get("/robots.txt")
@public
def robots() -> Response:
    return Response(_ROBOTS, mimetype="text/plain")
