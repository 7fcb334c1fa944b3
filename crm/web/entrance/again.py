"""The panel that logs in again without leaving the page: the code goes with the password."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from crm.foundation import RESIDENT
from crm.http import gettext as _
from crm.http import unit_of_work
from crm.staff import LoggedIn
from crm.staff.factors import Halfway, prove_by_code
from crm.web.entrance.halfway import seal


def finished_here(let_in: LoggedIn) -> ResponseReturnValue | None:
    """None for whoever is in. Else what is missing, in a sentence, and whether it is a code."""
    if not let_in.due:
        return None
    if let_in.due == "enrol":
        told = _("Connectez-vous dans un autre onglet pour protéger votre compte, puis revenez ici.")
        return {"title": told}, 401
    typed = request.form.get("code", "")
    if typed and _is_right(let_in, typed):
        return None
    wrong = _("Ce code n’est pas le bon, ou a déjà servi. Attendez le suivant.")
    ask = _("Entrez aussi votre code. Si vous avez une clé d’accès, connectez-vous dans un autre onglet.")
    return {"title": wrong if typed else ask, "code": True}, 401


def _is_right(let_in: LoggedIn, typed: str) -> bool:
    halfway = Halfway(let_in.agent_id, let_in.session_epoch)
    with unit_of_work(RESIDENT) as uow:
        return prove_by_code(uow, seal(), halfway, typed) is not None
