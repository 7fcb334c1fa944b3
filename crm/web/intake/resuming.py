"""A draft opened again: the form shows what was typed, under the number reserved for it."""

from __future__ import annotations

from flask import abort, g, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from crm.http import reading, whole_number
from crm.intake import DraftSheet, one_draft
from crm.web.intake.drafts import sign_reference

_SAID = "crm_said"


def resumed_draft() -> DraftSheet | None:
    """The draft that the address asks for: the agent's own, else there is no such page."""
    if "brouillon" not in request.args:
        return None
    draft_id = whole_number(request.args["brouillon"])
    if draft_id is None:
        abort(404)
    with reading() as session:
        draft = one_draft(session, current_user.actor.id or 0, draft_id)
    lists = {name: list(values) for name, values in draft.fields.items()}
    setattr(g, _SAID, MultiDict({**lists, "draft": [sign_reference(draft.key)]}))
    return draft


def said() -> MultiDict[str, str]:
    """What the form shows: what was just posted, else what the draft kept, else nothing."""
    kept: MultiDict[str, str] = g.get(_SAID, request.form)
    return kept
