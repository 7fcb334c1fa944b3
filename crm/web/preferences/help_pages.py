"""Help, as a page and as a panel beside one; and the acts as a page, for whoever has no JavaScript."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user

from crm.access import Permission
from crm.http import needs
from crm.web.preferences.acts import key_lines, list_keys
from crm.web.preferences.blueprint import bp


@bp.get("/aide")
@needs(Permission.SELF_EDIT)
def help_page() -> str:
    return render_template("web/preferences/help.html", **_told())


def _told() -> dict[str, Any]:
    return {"keys": key_lines(), "list_keys": list_keys(), "are_on": current_user.card.shortcuts_on}


@bp.get("/aide/panneau")
@needs(Permission.SELF_EDIT)
def help_panel() -> str:
    """Without the frame: it is put beside a page that has one."""
    return render_template("web/preferences/_help.html", **_told(), panel=True)


@bp.get("/actions")
@needs(Permission.SELF_EDIT)
def actions() -> str:
    return render_template("web/preferences/actions.html")
